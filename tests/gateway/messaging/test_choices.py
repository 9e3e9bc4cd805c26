"""Where nobody can press a button, its number or its words do the same."""

import pytest

from baclofen_faq.answers import Button, load_replies
from service.gateway.messaging.choices import chosen
from service.gateway.vetted import payloads

OFFERED = [
    Button("Why must baclofen be reduced slowly?", "/ask_why_taper"),
    Button("Yes", "/affirm"),
    Button("No", "/deny"),
]


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("1", "/ask_why_taper"),
        (" 2. ", "/affirm"),
        ("(3)", "/deny"),
        ("#1", "/ask_why_taper"),
        ("why must baclofen be reduced slowly", "/ask_why_taper"),
        ("YES!", "/affirm"),
        ("no", "/deny"),
        ("4", None),
        ("0", None),
        ("11", None),
        ("２", None),
        ("2 pumps", None),
        ("yes please", None),
        ("", None),
    ],
)
def test_a_choice_is_a_number_or_the_whole_title(typed: str, payload: str | None) -> None:
    assert chosen(typed, OFFERED) == payload


def test_what_is_chosen_is_always_a_payload_of_the_closed_list() -> None:
    replies = load_replies()
    for button in (
        *replies.answer("greeting").buttons,
        *replies.is_it_now().buttons,
        *replies.was_it_helpful("x").buttons,
    ):
        assert chosen(button.title, [button]) in payloads()


def test_nothing_is_chosen_where_nothing_was_offered() -> None:
    assert chosen("1", []) is None
