"""Which conversations the figures are of."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from service.conversations.models import Conversation

RANGES = (7, 30, 90)  # days


@dataclass(frozen=True)
class Selection:
    """The last days up to today, one channel or all; demo data by itself, or not at all."""

    days: int = 30
    channel: str = ""
    is_demo: bool = False
    today: date | None = None

    @property
    def last_day(self) -> date:
        """Today, in the time zone of the service."""
        return self.today or timezone.localdate()

    def each_day(self) -> list[date]:
        """The days, oldest first."""
        return [self.last_day - timedelta(days=before) for before in reversed(range(self.days))]

    def conversations(self) -> QuerySet[Conversation]:
        """Those that began in these days."""
        began = start_of(self.each_day()[0]), start_of(self.last_day + timedelta(days=1))
        found = Conversation.objects.filter(started_at__gte=began[0], started_at__lt=began[1], is_demo=self.is_demo)
        return found.filter(channel=self.channel) if self.channel else found


def start_of(day: date) -> datetime:
    """When a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())
