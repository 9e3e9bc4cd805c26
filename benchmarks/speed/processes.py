"""Which process of the bot is which, by its command line."""

from collections.abc import Mapping

WORDS = {
    "service.asgi": "gateway",
    "nlu.serve": "Rasa",
    "rasa_sdk": "actions",
    "service.console.wsgi": "console",
    "housekeeping": "housekeeping",
}


def named(found: Mapping[int, str]) -> dict[str, int]:
    """The ids of the bot's processes by name, of ids with their command lines; others are left out.

    >>> named({7: "python -m rasa_sdk", 8: "python -m baclofen_faq.nlu.serve", 9: "python -m baclofen_faq.nlu.serve"})
    {'Rasa': 8, 'Rasa 2': 9, 'actions': 7}
    """
    names: dict[str, int] = {}
    for words, name in WORDS.items():
        pids = sorted(pid for pid, command in found.items() if words in command)
        names |= {f"{name} {number}" if number > 1 else name: pid for number, pid in enumerate(pids, 1)}
    return names
