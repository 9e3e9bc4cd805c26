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
def interval(share: Share) -> str:
    """Both ends of an interval.

    >>> interval(Share(0.93, 0.71, 0.98))
    '(71 % to 98 %)'
    """
    return f"({percent(share.low)} to {percent(share.high)})"
