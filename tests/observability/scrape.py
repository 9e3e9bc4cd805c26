"""What Prometheus would read of a process."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

Numbers = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Scrape:
    """The numbers of one moment; those that are not there are 0."""

    def __init__(self, url: str) -> None:
        self.text = httpx.get(f"{url}/metrics", timeout=10).text
        families = list(text_string_to_metric_families(self.text))
        assert families, f"{url}/metrics shows nothing"
        self.numbers: Numbers = {(s.name, frozenset(s.labels.items())): s.value for f in families for s in f.samples}

    def __call__(self, name: str, **labels: str) -> float:
        """One of them."""
        return self.numbers.get((name, frozenset(labels.items())), 0.0)

    def sum(self, name: str) -> float:
        """All of that name, whatever their labels."""
        return sum(value for (one, _), value in self.numbers.items() if one == name)

    def since(self, before: "Scrape", prefix: str) -> dict[str, float]:
        """What of that prefix changed: `name{label="value"}` -> by how much."""
        names = {key for key in self.numbers if key[0].startswith(prefix)}
        found = {key: self.numbers[key] - before.numbers.get(key, 0.0) for key in names}
        return {_named(*key): change for key, change in found.items() if change}


def _named(name: str, labels: frozenset[tuple[str, str]]) -> str:
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels))
    return f"{name}{{{inside}}}" if inside else name
