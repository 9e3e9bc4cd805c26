"""For templates: shares and their intervals, in percent."""

from django import template

from service.console.live_estimate import Share

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """A share in percent, with one digit where that says more.

    >>> percent(0.934), percent(0.0042), percent(1.0)
    ('93 %', '0.4 %', '100 %')
    """
    return f"{100 * share:.1f} %" if 0 < share < 0.095 or 0.995 <= share < 1 else f"{100 * share:.0f} %"


@register.filter
def between(share: Share) -> str:
    """The same ends as words, rounded as far as that says nothing false.

    >>> between(Share(1.0, 0.043, 1.0)), between(Share(0.01, 0.004, 0.021)), between(Share(0.9, 0.9, 0.9))
    ('between 4 % and 100 %', 'between 0.4 % and 2 %', '90 %')
    """
    low, high = (
        percent(end) if end < 0.01 or 0.995 <= end < 1 else f"{100 * end:.0f} %" for end in (share.low, share.high)
    )
    return low if low == high else f"between {low} and {high}"


@register.filter
def interval(share: Share) -> str:
    """Both ends of an interval.

    >>> interval(Share(0.93, 0.71, 0.98))
    '(71 % to 98 %)'
    """
    return f"({percent(share.low)} to {percent(share.high)})"
