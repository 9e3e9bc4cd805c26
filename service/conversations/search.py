"""Conversations in which people wrote certain words, by the index that the log's own database keeps."""

import re
import unicodedata
from typing import Any

from django.db import connections, transaction
from django.db.models.expressions import RawSQL

MOST_WORDS = 40
LONGEST_WORD = 100  # characters; of a longer one its beginning is looked for
PARTS = re.compile(r'"([^"]+)"|(\S+)')
ACCENTS = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")
QUOTATION_MARKS = str.maketrans("“”„«»", '"""""')
NEWEST, COMMON = 1_000, 150  # words in so many of the newest conversations are soon met, conversation by conversation
FEW_MESSAGES = 10_000  # so many PostgreSQL looks up, for seldom words
IN_SQLITE = "SELECT rowid >> 32 FROM conversations_words WHERE conversations_words MATCH %s"  # see 0006_search
IN_FEW = (
    "SELECT conversation_id FROM conversations_message "
    "WHERE direction = 'in' AND words @@ to_tsquery('simple', %s) LIMIT %s"
)
AMONG_FEW = "SELECT unnest(%s::bigint[])"
# The operator as a function, for which the index of words is of no use, and OFFSET keep PostgreSQL to the messages of
# one conversation: it takes some words for so rare that it would go through that index for each conversation.
ASKED_OF_ONE = (
    "SELECT conversation_id FROM conversations_message "
    "WHERE conversation_id = {}.id AND ts_match_vq(words, to_tsquery('simple', %s)) OFFSET 0"
)
IN_MANY = ASKED_OF_ONE.format("conversations_conversation")
AMONG_NEWEST = (
    "SELECT count(*) FROM (SELECT id FROM conversations_conversation ORDER BY id DESC LIMIT %s) AS newest "
    f"WHERE EXISTS ({ASKED_OF_ONE.format('newest')})"
)


class Within(RawSQL):
    """Numbers of conversations, for `id__in` of a query of conversations.

    `is_asked_of_each`: it costs for each conversation that the query comes to, so other filters come first.
    `some` are many of them, which are found sooner; None where that helps nobody.
    """

    is_asked_of_each = False
    some: "Within | None" = None


def conversations_with(words: str) -> Within | None:
    """The numbers of conversations in which one message of the person holds all these words, as a subquery.

    Capitals, accents and signs do not count; nothing in it is an operator. Of very many words the first 40 count.

    Args:
        words: each may be the beginning of one ("hallucin"), but for those of one or two letters, which are whole;
            "several in quotation marks" stand side by side, whole.

    Returns:
        None where nothing of it is a word.
    """
    phrases = phrases_of(words)
    if not phrases:
        return None
    if connections["default"].vendor == "sqlite":
        return Within(IN_SQLITE, [" AND ".join(_in_sqlite(*one) for one in phrases)])
    return _of_postgresql(" & ".join(_in_postgresql(*one) for one in phrases))


def _of_postgresql(said: str) -> Within:
    """Where they are seldom, the conversations themselves; where they are common, what is asked of each conversation.

    PostgreSQL's own guess of how common words are together may be wrong by far, and then costs minutes.
    """
    many = Within(IN_MANY, [said])
    many.is_asked_of_each = True
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(AMONG_NEWEST, [NEWEST, said])
        if cursor.fetchone()[0] >= COMMON:
            return many
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '32MB'")  # its index it shall use
        cursor.execute(IN_FEW, [said, FEW_MESSAGES + 1])
        found = [number for (number,) in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")
    many.some = Within(AMONG_FEW, [sorted(set(found))])
    return many if len(found) > FEW_MESSAGES else many.some


def phrases_of(words: str) -> list[tuple[list[str], bool]]:
    """What is looked for: words that stand side by side, and whether the last one is whole.

    >>> phrases_of('Halluc "at Night" l-dopa')
    [(['Halluc'], False), (['at', 'Night'], True), (['l', 'dopa'], False)]
    """
    found: list[tuple[list[str], bool]] = []
    for phrase, word in PARTS.findall(words.translate(QUOTATION_MARKS)):
        room = MOST_WORDS - sum(len(one) for one, _ in found)
        parts = _words(phrase or word)[:room]
        if parts:
            found.append((parts, bool(phrase) or _is_short(parts[-1])))
    return found


def _words(text: str) -> list[str]:
    """Letters, numbers and the marks on them; all signs are blanks."""
    composed = unicodedata.normalize("NFC", text)
    parts = "".join(one if unicodedata.category(one)[0] in "LMN" else " " for one in composed).split()
    return [part[:LONGEST_WORD] for part in parts if any(map(str.isalnum, part[:LONGEST_WORD]))]


def _is_short(word: str) -> bool:
    """Whether too many words begin with it: "to" is no beginning, though two Chinese characters are."""
    return len(word) == 1 or len(word) == 2 and word.isascii()


def _in_sqlite(words: list[str], is_whole: bool) -> str:
    return '"' + " ".join(words) + ('"' if is_whole else '"*')


def _in_postgresql(words: list[str], is_whole: bool) -> str:
    """Without accents, as the index has them; SQLite takes them away by itself."""
    bare = (ACCENTS.sub("", unicodedata.normalize("NFD", word)) for word in words)
    quoted = " <-> ".join(f"'{unicodedata.normalize('NFC', word)}'" for word in bare)
    return f"({quoted})" if is_whole else f"({quoted}:*)"


def forget_deleted_words() -> None:
    """Drop from SQLite's index what was deleted from the log, in small steps; PostgreSQL does that by itself."""
    connection = connections["default"]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO conversations_words(conversations_words, rank) VALUES ('merge', -200)")
        is_left = True
        while is_left:  # as SQLite's manual says: a step that changes fewer than two rows was the last
            before = _changes(cursor)
            cursor.execute("INSERT INTO conversations_words(conversations_words, rank) VALUES ('merge', 200)")
            is_left = _changes(cursor) - before >= 2


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])
