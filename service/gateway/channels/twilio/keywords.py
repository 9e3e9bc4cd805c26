"""The words by which carriers let a person stop SMS, have them again, or ask who sends them."""

from service.gateway.messaging.channel import Kind

KEYWORDS = {
    Kind.STOP: ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
    Kind.START: ("START", "UNSTOP"),  # never "yes": it answers what the bot asked
    Kind.HELP: ("HELP", "INFO"),
}
_KINDS = {word: kind for kind, words in KEYWORDS.items() for word in words}


def keyword(text: str) -> Kind | None:
    """What a whole text asks of the carrier; None for anything else.

    >>> keyword(" Stop. "), keyword("please stop"), keyword("yes")
    (<Kind.STOP: 'stop'>, None, None)

    Source: https://help.twilio.com/articles/223134027
    """
    text = text.strip()
    return _KINDS.get((text[:-1] if text.endswith((".", "!")) else text).strip().upper())
