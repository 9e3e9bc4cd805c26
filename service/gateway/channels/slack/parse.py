"""What Slack tells: events (JSON) and presses of buttons (a form), both at the one webhook."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse

from service.gateway.channels.slack.events import CHANNEL, DIRECT, is_something, of_event, who
from service.gateway.channels.slack.fields import Fields, id_of, listed, object_of, text_of
from service.gateway.channels.slack.mrkdwn import words_of
from service.gateway.messaging.channel import Kind, Malformed, Receipt, Update

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 50

log = logging.getLogger(__name__)


def parse(request: HttpRequest) -> Sequence[Update | Receipt]:
    """What people said and pressed; () for all else, slash commands included.

    In a direct message only `message` counts, elsewhere only `app_mention`: what Slack tells as both is answered once.

    Raises:
        Malformed: with one sentence.
    """
    content = _content(request)
    match content.get("type"):
        case "event_callback":
            return [_with_privacy(one) for one in of_event(content)]
        case "block_actions":
            return [_with_privacy(one) for one in _pressed(content)]
        case "url_verification" if not text_of(content, "challenge").isascii():
            raise Malformed("the challenge of a url_verification is of another form")
        case "app_rate_limited":
            log.error("events dropped by the platform", extra={"channel": "slack"})
    return ()


def _with_privacy(update: Update) -> Update:
    """The same; in a channel it says that others read along."""
    return replace(update, is_private=update.address["channel"].startswith(DIRECT))


def acknowledge(request: HttpRequest) -> HttpResponse:
    """200 without words; to Slack's check of the address, its challenge."""
    content = _content(request)
    challenge = text_of(content, "challenge") if content.get("type") == "url_verification" else ""
    return HttpResponse(challenge, content_type="text/plain")


def _content(request: HttpRequest) -> Fields:
    """The event, or the `payload` of the form; {} for a form without one, such as a slash command."""
    try:
        text = request.body.decode()
        if request.content_type == FORM:
            form = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
            text = form.get("payload", ["{}"])[0]
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("the request is neither JSON nor a form with JSON in it") from None
    if not isinstance(content, dict):
        raise Malformed("the request holds no JSON object")
    return content


def _pressed(payload: Fields) -> list[Update]:
    """The button of a message; [] for what else can be chosen in Slack."""
    action, container = (listed(payload, "actions") or [{}])[0], object_of(payload, "container")
    value = words_of(text_of(action, "value"), frozenset())
    if action.get("type") != "button" or container.get("type") != "message" or not is_something(value):
        return []
    user, channel, at = object_of(payload, "user"), object_of(payload, "channel"), id_of(container, "message_ts")
    team = object_of(payload, "team") if payload.get("team") else {"id": user.get("team_id")}
    place = {"channel": channel.get("id")}
    message = {"user": user.get("id"), "ts": at, "thread_ts": container.get("thread_ts")}
    id = f"{at}:{id_of(action, 'action_id')}:{id_of(action, 'action_ts')}"
    person, address = who(id_of(team, "id"), place, message)
    return [Update(CHANNEL, id, person, address, value, Kind.BUTTON)]
