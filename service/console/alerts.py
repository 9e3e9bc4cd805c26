"""Alerts of emergencies, and of guidance that did not arrive: e-mail and signed webhook. No words of a patient."""

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from service.console import plain_words
from service.conversations.models import Alert, Risk
from service.conversations.webhooks import signed_headers

log = logging.getLogger(__name__)
ALERTS_AT_ONCE = 20
SENDING_SECONDS = 5
CLAIMED_FOR = timedelta(minutes=1)  # longer than a sending takes: another process leaves it alone for so long
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(hours=24)
KINDS = {
    Risk.UNDELIVERED_EMERGENCY: "emergency.not_delivered",
    Risk.SELF_HARM: "self_harm.reported",
    Risk.EMERGENCY: "emergency.reported",
}
NAMED = {
    Risk.UNDELIVERED_EMERGENCY: "Emergency not delivered",
    Risk.SELF_HARM: "Self-harm",
    Risk.EMERGENCY: "Emergency",
}
WAS_TOLD = "The bot has told the person whom to call."
WAS_NOT_TOLD = (
    "The emergency guidance did not reach the person. The clinic may recognise them from what they wrote: call them if "
    "you know who they are."
)


def send_due() -> int:
    """Send the alerts that are due, by every way that is set up and that they were not sent by yet.

    Returns:
        How many were tried. What fails is logged, and due again after a pause that doubles from 5 s to 5 minutes.

    Raises:
        DatabaseError: the log is not there.
    """
    now = timezone.now()
    due = Alert.objects.filter(ended_at=None, next_try_at__lte=now).select_related("conversation").order_by("raised_at")
    claimed = [alert for alert in due[:ALERTS_AT_ONCE] if _claim(alert, now)]
    sendings = [(alert, way) for alert in claimed for way in ways() if way not in alert.sent_by]
    with ThreadPoolExecutor(8) as pool:  # a way that is slow holds up no other
        sent = list(pool.map(lambda sending: _send(*sending), sendings))
    for alert in claimed:
        arrived = [way for (one, way), is_sent in zip(sendings, sent) if is_sent and one is alert]
        _keep(alert, [*alert.sent_by, *arrived])
    return len(claimed)


def ways() -> dict[str, Callable[[Alert], None]]:
    """The ways that are set up: ALERT_EMAIL_TO, ALERT_WEBHOOK_URL."""
    known: dict[str, tuple[object, Callable[[Alert], None]]] = {
        "email": (settings.ALERT_EMAIL_TO, _email),
        "webhook": (settings.ALERT_WEBHOOK_URL, _webhook),
    }
    return {name: send for name, (is_set_up, send) in known.items() if is_set_up}


def undelivered() -> int:
    """How many alerts of the last days could not be sent yet, or were given up; for the inbox."""
    since = timezone.now() - 3 * GIVEN_UP_AFTER
    lately = Alert.objects.filter(raised_at__gte=since, tries__gt=0)
    return sum(not set(ways()) <= set(sent_by) for sent_by in lately.values_list("sent_by", flat=True)[:1000])


def _claim(alert: Alert, now: datetime) -> bool:
    """Whether this process sends it: of two that look at the same time, one."""
    mine = Alert.objects.filter(pk=alert.pk, next_try_at=alert.next_try_at, ended_at=None)
    return bool(mine.update(next_try_at=now + CLAIMED_FOR))


def _send(alert: Alert, way: str) -> bool:
    try:
        ways()[way](alert)
    except Exception as error:  # whatever it is, the other ways and the other alerts go on
        log.error(
            "alert not sent", extra={"alert": alert.pk, "way": way, "error": type(error).__name__, "tries": alert.tries}
        )
        return False
    return True


def _keep(alert: Alert, sent_by: Sequence[str]) -> None:
    """Write down how it went; given up after a day."""
    now = timezone.now()
    is_sent = set(ways()) <= set(sent_by)
    is_given_up = not is_sent and now - alert.raised_at > GIVEN_UP_AFTER
    if is_given_up:
        log.critical("alert given up", extra={"alert": alert.pk, "sent_by": ",".join(sent_by) or "nothing"})
    pause = min(FIRST_PAUSE * 2 ** min(alert.tries, 10), LONGEST_PAUSE)
    Alert.objects.filter(pk=alert.pk).update(
        sent_by=list(sent_by),
        tries=alert.tries + (0 if is_sent else 1),
        next_try_at=now + pause,
        ended_at=now if is_sent or is_given_up else None,
    )


def _email(alert: Alert) -> None:
    kind, is_undelivered = NAMED[Risk(alert.risk)], alert.risk == Risk.UNDELIVERED_EMERGENCY
    at, where = f"{alert.raised_at:%Y-%m-%d %H:%M} UTC", plain_words.channel(alert.conversation.channel)
    said = (
        f"{kind}{'' if is_undelivered else ' reported to the bot'} at {at}, channel {where}.\n\n"
        f"{WAS_NOT_TOLD if is_undelivered else WAS_TOLD} Look at the conversation:\n{_address(alert)}\n"
    )
    send_mail(f"{kind} in conversation {alert.conversation_id}", said, None, settings.ALERT_EMAIL_TO)


def _webhook(alert: Alert) -> None:
    body = json.dumps(
        {
            "type": KINDS[Risk(alert.risk)],
            "timestamp": alert.raised_at.isoformat(),
            "data": {
                "conversation": alert.conversation_id,
                "channel": alert.conversation.channel,
                "url": _address(alert),
            },
        }
    ).encode()
    headers = signed_headers(settings.ALERT_WEBHOOK_SECRET, f"alert_{alert.pk}", body)
    url = settings.ALERT_WEBHOOK_URL
    httpx.post(url, content=body, headers=headers, timeout=SENDING_SECONDS, follow_redirects=False).raise_for_status()


def _address(alert: Alert) -> str:
    return f"{settings.CONSOLE_URL}/conversations/{alert.conversation_id}"
