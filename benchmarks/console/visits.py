"""What the benchmark opens: the pages of the console as staff meet them, with seldom and with common values."""

import re
from urllib.parse import quote

from benchmarks.console.browser import Browser, Visit
from benchmarks.console.made_up import LONG, STAFF, Talks, answers, version
from benchmarks.console.words import COMMON, MIDDLING, PHRASE, RARE

SINCE = re.compile(r'hx-get="(/inbox/changes\?since=[0-9a-f]+)"')
SHORT, MANY = 5, 45
FILTERS = {
    "a common level": "level=information",
    "a rare level": "level=emergency",
    "a common answer": f"topic={answers()[0][0]}",
    "a rare answer": f"topic={answers()[-1][0]}",
    "one version of an answer": f"topic={answers()[3][0]}&version={version(3, 0)}",
    "a common intent": f"intent=ask_{answers()[0][0]}",
    "a rare intent": f"intent=ask_{answers()[-1][0]}",
    "a common state": "state=new",
    "a rare state": "state=follow_up",
    "a common channel": "channel=web",
    "a rare channel": "channel=sms",
    "low confidence": "confidence_below=0.6",
    "a confidence that most have": "confidence_below=0.95",
    "two turns or more": "turns_from=2",
    "a thousand turns or more": "turns_from=1000",
    "four or five turns": "turns_from=4&turns_to=5",
    "helpful": "helpful=helpful",
    "not helpful": "helpful=not_helpful",
    "not delivered": "delivery=undelivered",
    "a flag": "flagged=yes",
    "assigned to somebody": f"assigned={STAFF[1]}",
    "reviewed by somebody": f"reviewed={STAFF[1]}",
    "a level and a channel, both rare": "level=emergency&channel=sms",
    "five filters": f"level=advisory&channel=web&state=done&turns_from=3&reviewed={STAFF[1]}",
}
SEARCHES = {
    "a word that five wrote": RARE,
    "a word in 1 % of messages": MIDDLING,
    "a word in 20 % of messages": COMMON,
    "the commonest word": "my",
    "the beginning of a rare word": RARE[:6],
    "the beginning of many words": "ba",
    "two words in quotation marks": f'"{PHRASE}"',
    "a sentence of common words": f"is my {COMMON} to",
    "two words that hardly meet": f"{MIDDLING} {RARE}",
}
SEARCHES_AND_FILTERS = {
    "a common word and a rare level": f"words={COMMON}&level=emergency",
    "a common word and a rare answer": f"words={COMMON}&topic={answers()[-1][0]}",
    "a common word and somebody's": f"words={COMMON}&assigned={STAFF[1]}",
    "a middling word and a common state": f"words={MIDDLING}&state=new",
}


def visits(browser: Browser, talks: Talks) -> list[Visit]:
    """All of them, over these talks."""
    return [*_inbox(browser), *_lists(talks), *_searches(talks), *_conversations(talks), *_others()]


def _inbox(browser: Browser) -> list[Visit]:
    poll = SINCE.search(browser.read("/").replace("&amp;", "&"))
    assert poll, "the inbox asks for no changes"
    return [Visit("inbox", ["/"], says="/conversations/"), Visit("inbox, nothing new", [poll[1]], status=204)]


def _lists(talks: Talks) -> list[Visit]:
    deep = [f"/conversations?before={talks.count * place // 10}" for place in range(1, 10)]
    day = talks.day_before(30)
    filters = {**FILTERS, "one day": f"began_from={day}&began_to={day}", "all but a month": f"began_to={day}"}
    return [
        Visit("list", ["/conversations"], says="/conversations/"),
        Visit("list, deep pages", deep, says="/conversations/"),
        *(Visit(f"list, {name}", [f"/conversations?{query}"]) for name, query in filters.items()),
        Visit("list, a rare level, deep pages", [f"{page}&level=emergency" for page in deep]),
    ]


def _searches(talks: Talks) -> list[Visit]:
    words = {name: f"words={quote(words)}" for name, words in SEARCHES.items()}
    return [
        *(
            Visit(f"search, {name}", [f"/conversations?{query}"])
            for name, query in {**words, **SEARCHES_AND_FILTERS}.items()
        ),
        Visit("search, a common word, deep pages", [f"/conversations?words={COMMON}&before={talks.count // 3}"]),
        Visit("search, a middling word, deep pages", [f"/conversations?words={MIDDLING}&before={talks.count // 3}"]),
    ]


def _conversations(talks: Talks) -> list[Visit]:
    def paths(turns: int) -> list[str]:
        return [f"/conversations/{number}" for number in talks.numbers_of_length(turns)[:MANY]]

    return [Visit(f"conversation of {turns:,} turns", paths(turns)) for turns in (SHORT, LONG)]


def _others() -> list[Visit]:
    return [Visit("answers", ["/answers"], has_floor=False), Visit("figures", ["/figures"], has_floor=False)]
