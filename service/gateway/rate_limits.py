"""How often one visitor, and one address, may write; counted in this process."""

import math
import time

from django.conf import settings
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_storage = MemoryStorage()  # the limiter itself holds it by a weak reference only
_limiter = FixedWindowRateLimiter(_storage)


def seconds_to_wait(**who: str) -> int:
    """Count one request, and say how long its sender must wait; 0 where it is within the limits.

    Args:
        who: the name of a limit of WEB_LIMITS, and whose it is: `session_messages="abc", address_messages="192.0.2.1"`.
            A request that is over one of them counts for none of those that come after it.
    """
    for limit, whose in who.items():
        item = parse(settings.WEB_LIMITS[limit])
        if not _limiter.hit(item, limit, whose):
            begins_anew_at, _ = _limiter.get_window_stats(item, limit, whose)
            return max(1, math.ceil(begins_anew_at - time.time()))
    return 0
