"""What people said to the bot, out of an event of Slack's Events API."""

from service.gateway.channels.slack.fields import Fields, id_of, listed, object_of, text_of
from service.gateway.channels.slack.mrkdwn import words_of
from service.gateway.clean import clean
from service.gateway.messaging.channel import Address, Kind, Update

CHANNEL = "slack"
DIRECT = "D"  # an id of a direct message begins with it, as C and G begin those of channels and groups
SAID = (None, "file_share", "me_message", "thread_broadcast")  # subtypes in which a person says something
SLACKBOT = "USLACKBOT"
NAMES = {"image": "[photo]", "audio": "[voice]", "video": "[video]"}


def of_event(envelope: Fields) -> list[Update]:
    """What one event tells; [] for what needs no reply.

    In a direct message only `message` counts, elsewhere only `app_mention`: what Slack tells as both is answered once.

    Raises:
        Malformed: with one sentence.
    """
    event = object_of(envelope, "event")
    if event.get("type") not in ("message", "app_mention"):
        return []
    is_direct = id_of(event, "channel").startswith(DIRECT)
    if is_direct != (event["type"] == "message"):
        return []
    own = frozenset(id_of(one, "user_id") for one in listed(envelope, "authorizations") if one.get("is_bot"))
    team = id_of(envelope, "team_id")
    if event.get("subtype") == "message_changed":
        before = object_of(event, "previous_message") if event.get("previous_message") else {}
        return _edited(team, event, object_of(event, "message"), before, own)
    if event.get("edited"):  # Slack tells of a mention again when its words change
        return _edited(team, event, event, {}, own)
    return _said(team, event, id_of(envelope, "event_id"), own)


def who(team: str, place: Fields, message: Fields) -> tuple[str, Address]:
    """Whose it is, and where the reply goes: in a channel to the thread, in a direct message where they wrote."""
    channel, user = id_of(place, "channel"), id_of(message, "user")
    address: Address = {"channel": channel}
    if message.get("thread_ts"):
        address["thread"] = id_of(message, "thread_ts")
    elif not channel.startswith(DIRECT):
        address["thread"] = id_of(message, "ts")
    return f"{team}:{user}" if channel.startswith(DIRECT) else f"{team}:{channel}:{user}", address


def is_something(text: str) -> bool:
    """Whether anything is left of a text once it is cleaned."""
    return bool(clean(text, frozenset()))


def _said(team: str, event: Fields, id: str, own: frozenset[str]) -> list[Update]:
    """The words, then what has none; a mention alone is a greeting."""
    if not _is_a_persons(event, own):
        return []
    person, address = who(team, event, event)
    words, files = words_of(text_of(event, "text"), own), _files(event)
    if is_something(words):
        updates = [Update(CHANNEL, id, person, address, words)]
        return updates + [Update(CHANNEL, f"{id}:{files[1:-1]}", person, address, files, Kind.UNREADABLE)] * bool(files)
    if unreadable := files or ("[attachment]" if listed(event, "attachments") else ""):
        return [Update(CHANNEL, id, person, address, unreadable, Kind.UNREADABLE)]
    return [Update(CHANNEL, id, person, address, "[mention]", Kind.STARTED)] if event["type"] == "app_mention" else []


def _edited(team: str, event: Fields, message: Fields, before: Fields, own: frozenset[str]) -> list[Update]:
    """The new words. Slack says "changed" also where it only shows what a link leads to, or where a reply came."""
    if not _is_a_persons(message, own) or not message.get("edited"):
        return []
    words = words_of(text_of(message, "text"), own)
    if words == words_of(text_of(before, "text"), own) or not is_something(words):
        return []
    person, address = who(team, event, message)
    id = f"{id_of(message, 'ts')}:edited:{id_of(object_of(message, 'edited'), 'ts')}"
    return [Update(CHANNEL, id, person, address, words, Kind.EDITED)]


def _is_a_persons(message: Fields, own: frozenset[str]) -> bool:
    if message.get("subtype") not in SAID or message.get("bot_id"):
        return False
    return id_of(message, "user") not in {*own, SLACKBOT}


def _files(message: Fields) -> str:
    """What the first file is; "" where there is none."""
    kinds = [text_of(file, "mimetype").partition("/")[0] for file in listed(message, "files")]
    return NAMES.get(kinds[0], "[file]") if kinds else ""
