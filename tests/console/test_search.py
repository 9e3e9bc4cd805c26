"""Words that people wrote are found, on both databases alike; nothing that is typed is an operator or an error."""

import itertools

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.console import list_page
from service.console.models import AuditEntry
from service.conversations import search
from service.conversations.models import Conversation, Message
from service.conversations.search import MOST_WORDS, conversations_with, phrases_of
from tests.console.conftest import talk, turn

pytestmark = pytest.mark.django_db
ANY_TEXT = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
LETTERS = st.characters(whitelist_categories=["Lu", "Ll", "Nd"], max_codepoint=0x52F)
SIGNS = st.sampled_from(" .,;:!?'’\"“”-–/\\@&|<>()[]{}*^~#%+=_$\n\t…")

FOUND = [
    # (what was written, what is looked for, whether it is found, why)
    ("he is hallucinating", "hallucin", True, "the beginning of a word"),
    ("he is hallucinating", "lucinating", False, "the middle of a word is no beginning"),
    ("he is hallucinating", "HALLUCINATING", True, "capitals do not count"),
    ("he is hallucinating", "is he", True, "all words, in any order"),
    ("he is hallucinating", "hall is", True, "a word of two letters"),
    ("hers is this", "he", False, "a word of one or two letters is no beginning: too many words begin with it"),
    ("he is hallucinating", "he shakes", False, "each word must be there"),
    ("she stopped her tablets", '"stopped her"', True, "words side by side"),
    ("she stopped her tablets", '"her stopped"', False, "in that order"),
    ("she stopped her tablets", '"stopped tablets"', False, "with nothing between"),
    ("she stopped her tablets", '"stopped he"', False, "in quotation marks the last word is whole, too"),
    ("she stopped her tablets", "“stopped her”", True, "as a telephone writes quotation marks"),
    ("she stopped her tablets", '"stopped her', True, "a quotation mark that is never closed"),
    ("she takes l-dopa as well", "l-dopa", True, "a word with a hyphen"),
    ("she takes l-dopa as well", "dopa", True, "a part of a word with a hyphen"),
    ("she takes l-dopa as well", "l dopa", True, "the parts of a word with a hyphen"),
    ("it's worse at night", "it's", True, "an apostrophe"),
    ("it’s worse at night", "it's", True, "a curly apostrophe"),
    ("it is so", "it's", False, "what follows an apostrophe counts: s is no beginning of so"),
    ("mail me at jo.doe@clinic.example please", "jo.doe@clinic.example", True, "an address"),
    ("mail me at jo.doe@clinic.example please", "clinic", True, "a part of an address"),
    ("by pump/oral", "oral", True, "a slash parts words"),
    ("it ran out.help", "help", True, "a full stop without a blank parts words"),
    ("see http://example.org/page?x=1", "page", True, "a part of a link"),
    ("10mg or 2.5 mg, -5 and 20", "10mg", True, "a number with its unit"),
    ("10mg or 2.5 mg, -5 and 20", "2.5", True, "a number with a point"),
    ("10mg or 2.5 mg, -5 and 20", "5", True, "a sign before a number does not count"),
    ("his_pump", "pump", True, "an underscore parts words"),
    ("<b>weak</b> &amp; cold", "weak cold", True, "what looks like HTML"),
    ("ma mère a des hallucinations", "mere", True, "found without the accent"),
    ("ma mere a des hallucinations", "mère", True, "found with an accent that was not written"),
    ("MÈRE", "mère", True, "capitals with accents"),
    ("me\u0300re", "mère", True, "an accent that is a character of its own"),
    ("mère", "me\u0300re", True, "the same the other way round"),
    ("Mustafa Şahin", "sahin", True, "a Turkish name"),
    ("ängstlich", "angst", True, "the beginning of a word with an umlaut"),
    ("у него судороги", "судорог", True, "Cyrillic"),
    ("мой", "мой", True, "a Cyrillic letter with a mark is a letter of its own"),
    ("έχει σπασμούς", "σπασμούς", True, "Greek"),
    ("他有幻觉", "他有", True, "the beginning of a run of Chinese characters"),
    ("환각이 있어요", "환각", True, "Korean"),
    ("NEAR the door OR not AND so", "near or not and", True, "operators are words"),
    ("she fell", "fell OR rose", False, "OR is a word, not a choice"),
    ("she fell", "fell NOT she", False, "NOT is a word"),
    ("she fell", "fell -she", True, "a minus is a sign"),
    ("she fell", "text:fell", False, "no column can be named"),
    ("she fell", "f*ll", False, "a star stands for nothing"),
    ("she fell", "fell*", True, "a star at the end is a sign"),
]

HOSTILE = [
    "NEAR(", "NEAR(a b, 5)", "*", "^", '"', '""', '"""', "'", "''", "\\", "\\'", "fell)", "(fell", "fell AND", "AND",
    "OR", "NOT", "{text}:", "text : fell", "- fell", "+", "fell+", "^fell", "fell ^", '"fell" *', '"fell"*', '" ^',
    "fell NEAR", "!", "&", "|", "<->", "<2>", ":*", "fell:*", "fell:A", "!fell", "fell <-> !", "fell & | fell", "(((((",
    "fell:", ":fell", "%", "%s", "%(x)s", "_", ";", "fell'; DROP TABLE conversations_message; --", "\x00", "fell\x00",
    "\ufeff", "\u200b", "\u0301", "😀", "½", "²", "Ⓐ", "\ud800", "\U0010ffff", "\ue000", "ﬁ", "a\u0301" * 300,
    "x" * 3000, '"' * 4000, "fell " * 800, "a b " * 1000, '"' + "fell " * 799 + '"', "a-" * 2000, "é" * 4000,
    "他" * 4000, "'" * 4000, "(" * 4000,
]  # fmt: skip


def found(words: str) -> list[int]:
    within = conversations_with(words)
    return [] if within is None else list(Conversation.objects.filter(id__in=within).values_list("pk", flat=True))


@pytest.mark.parametrize(("written", "words", "is_found", "why"), FOUND)
def test_what_was_written_is_found(written: str, words: str, is_found: bool, why: str) -> None:
    conversation = talk(turn(written))
    talk(turn("quite another thing"))
    assert found(words) == ([conversation.pk] if is_found else []), why


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_is_an_operator_or_an_error(words: str) -> None:
    talk(turn("she fell"))
    assert found(words) is not None


@ANY_TEXT
@given(st.text(max_size=80))
def test_whatever_is_typed_is_no_error(words: str) -> None:
    assert found(words) == []


@ANY_TEXT
@given(st.text(LETTERS | SIGNS, max_size=60))
def test_a_message_is_found_by_each_of_its_words_and_by_all_of_it(text: str) -> None:
    conversation = talk(turn("first"), key="only")
    Message.objects.filter(conversation=conversation, direction="in").update(text=text)
    words = [word for phrase, _ in phrases_of(text) for word in phrase]
    for looked_for in [*words[:5], text.replace('"', " ")] if words else []:
        assert found(looked_for) == [conversation.pk]


@pytest.mark.parametrize("words", ["", " ", "\n\t", "...", '"" !?', "😀", "\u0301"])
def test_what_holds_no_word_finds_nothing_by_itself(words: str) -> None:
    assert conversations_with(words) is None


def test_of_very_many_words_the_first_ones_count() -> None:
    conversation = talk(turn(" ".join(f"w{number}" for number in range(MOST_WORDS))))
    assert found(" ".join(f"w{number}" for number in range(2 * MOST_WORDS))) == [conversation.pk]


def test_only_what_the_person_wrote_is_looked_through() -> None:
    talk(turn("hello", answer_id="why_taper"))
    assert Message.objects.filter(text__contains="Vetted").exists() and found("vetted") == []


def test_all_words_stand_in_one_message() -> None:
    talk(turn("my pump"), turn("it beeps"))
    assert found("pump beeps") == []


def test_what_was_erased_or_changed_is_found_no_more() -> None:
    kept, erased, changed = talk(turn("seizure")), talk(turn("seizure")), talk(turn("seizure"))
    erased.delete()
    Message.objects.filter(conversation=changed, direction="in").update(text="nothing")
    assert found("seizure") == [kept.pk]


def test_the_database_looks_into_its_index() -> None:
    within = conversations_with("seizure")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")  # of an empty table
            cursor.execute(f"EXPLAIN {search.IN_FEW}", ["seizure", 10])
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {within.sql}", within.params)
        plan = str(cursor.fetchall())
    assert "Bitmap Index Scan on conversations_words" in plan or "SCAN conversations_words VIRTUAL" in plan, plan


def test_common_words_are_found_as_seldom_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    talks = [talk(turn("my pump beeps"), turn("why")), talk(turn("a seizure")), talk(turn("my pump"), turn("beeps"))]
    for few, common in itertools.product((0, 1, 2, 3), (1, 2, 9)):
        monkeypatch.setattr(search, "FEW_MESSAGES", few)
        monkeypatch.setattr(search, "COMMON", common)
        assert sorted(found("pump")) == [talks[0].pk, talks[2].pk]
        assert found("pump beeps") == [talks[0].pk]
        assert found("rash") == []


def test_common_words_are_counted_as_seldom_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        talk(turn("my pump beeps"))
    for few, common, most in itertools.product((1, 2, 9), (1, 9), (1, 2, 3, 4, 5)):
        monkeypatch.setattr(search, "FEW_MESSAGES", few)
        monkeypatch.setattr(search, "COMMON", common)
        monkeypatch.setattr(list_page, "MOST_COUNTED", most)
        monkeypatch.setattr(list_page, "ROWS", 1)
        within = conversations_with("pump")
        assert within
        some = Conversation.objects.filter(id__in=within.some) if within.some else None
        page = list_page.list_page(Conversation.objects.filter(id__in=within), some=some)
        assert page.count == min(4, most + 1)


def test_a_search_is_recorded_without_its_words(viewer: Client) -> None:
    conversation = talk(turn("Zacharias has a seizure"))
    page = viewer.get("/conversations", {"words": "Zacharias seiz", "level": "information"})
    assert f"/conversations/{conversation.pk}" in page.content.decode()
    entry = AuditEntry.objects.get(action="conversations searched")
    assert entry.detail == {"filters": "level=information", "words": 2}


@pytest.mark.parametrize("place", [{"before": str(2**63 - 1)}, {"after": "1"}])
def test_every_page_of_a_search_is_recorded(viewer: Client, place: dict[str, str]) -> None:
    talk(turn("Zacharias has a seizure"))
    viewer.get("/conversations", {"words": "Zacharias", **place})
    assert AuditEntry.objects.filter(action="conversations searched").count() == 1


def test_someone_who_may_not_sees_nothing(client: Client) -> None:
    talk(turn("Zacharias has a seizure"))
    response = client.get("/conversations", {"words": "Zacharias"})
    assert response.status_code == 302 and response["Location"].startswith("/sign-in")
    assert not AuditEntry.objects.filter(action="conversations searched").exists()
