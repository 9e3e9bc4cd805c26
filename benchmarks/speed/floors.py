"""What the figures must reach, and whether they do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Floor:
    """One claim: `value` must be at most, or at least, `limit`; None where it could not be measured."""

    claim: str
    value: float | None
    limit: float
    is_most: bool = True

    @property
    def is_reached(self) -> bool:
        """A value that is not there reaches nothing."""
        return self.value is not None and (self.value <= self.limit if self.is_most else self.value >= self.limit)

    @property
    def row(self) -> str:
        """As a line of the report's table."""
        value = "not measured" if self.value is None else f"{self.value:.2f}"
        asked = f"at {'most' if self.is_most else 'least'} {self.limit:g}"
        return f"| {self.claim} | {value} | {asked} | {'reached' if self.is_reached else '**not reached**'} |"
