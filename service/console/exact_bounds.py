"""How many of a group there may be, by a sample of it: exact bounds, honest for small numbers."""

from collections.abc import Callable

from scipy.stats import hypergeom


def bounds(found: int, looked_at: int, size: int, confidence: float) -> tuple[int, int]:
    """The least and the most of a group that may be such, where so many of those that were looked at are.

    Each is the last number that the sample does not speak against: with one less (more) in the group, so many (few)
    would be found with at most half the chance that the confidence leaves. Where all were looked at, it is known.

    Args:
        found: how many of those looked at.
        looked_at: how many, drawn from the group by chance.
        size: of the group.
        confidence: that both bounds hold together, such as 0.95.
    Source: the tails of Clopper and Pearson, Biometrika 1934, doi:10.1093/biomet/26.4.404, of the hypergeometric
        distribution, since the group is finite (Buonaccorsi, The American Statistician 1987, 41:215).
    >>> bounds(0, 0, 100, 0.95), bounds(3, 50, 50, 0.95), bounds(0, 10, 1000, 0.95)
    ((0, 100), (3, 3), (0, 307))
    """
    tail = (1 - confidence) / 2
    least, most = found, size - (looked_at - found)
    lower = _first(least, most, lambda total: hypergeom.sf(found - 1, size, total, looked_at) > tail)
    fewer = _first(0, most - least, lambda less: hypergeom.cdf(found, size, most - less, looked_at) > tail)
    return lower, most - fewer


def _first(least: int, most: int, holds: Callable[[int], bool]) -> int:
    """The smallest number from which on it holds; `most` where it holds nowhere before."""
    while least < most:
        middle = (least + most) // 2
        if holds(middle):
            most = middle
        else:
            least = middle + 1
    return least
