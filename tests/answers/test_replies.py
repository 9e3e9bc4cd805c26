"""What is said is vetted text, filled with the clinic's own numbers, the emergency number first."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from baclofen_faq.answers import Clinic, Replies, load_clinic, load_replies, load_vetted
from baclofen_faq.answers.clinic import CLINIC_FILE, NotApproved
from baclofen_faq.answers.never_say import wrong_country_numbers
from baclofen_faq.answers.texts import Vetted
from baclofen_faq.vetted_files import VettedFileError

FIRST_CHARACTERS = 240


@pytest.fixture
def clinic() -> Clinic:
    return load_clinic()


@cache
def vetted_texts() -> Vetted:
    return load_vetted()


def replies(clinic: Clinic) -> Replies:
    return Replies(vetted_texts(), clinic)


def test_every_region_and_symptom_has_its_number_first(clinic: Clinic) -> None:
    vetted = vetted_texts()
    assert len(vetted.regions) == 6
    for region, numbers in {name: region.numbers for name, region in vetted.regions.items()}.items():
        speaking = replies(replace(clinic, region=region))
        for symptom in vetted.advice:
            guidance = speaking.guidance("emergency", [symptom])
            first = guidance.text.split("\n\n")[0][:FIRST_CHARACTERS]
            assert guidance.level == "emergency"
            assert first.startswith(f"Call {numbers['emergency_number']}"), (region, symptom)


def test_every_advisory_names_both_phones(clinic: Clinic) -> None:
    speaking = replies(clinic)
    advisories = [speaking.guidance("advisory", [symptom]) for symptom in ("early_signs", "pump_alarm", "missed_doses")]
    assert {guidance.answer_id for guidance in advisories} == {
        "advisory_early_signs", "advisory_pump", "advisory_stopped",
    }  # fmt: skip
    for guidance in advisories:
        assert guidance.level == "advisory"
        assert clinic.phone in guidance.text and clinic.out_of_hours_phone in guidance.text


def test_an_overdose_is_not_told_that_it_may_be_withdrawal(clinic: Clinic) -> None:
    guidance = replies(clinic).guidance("emergency", ["overdose"])
    assert guidance.answer_id == "emergency_report"
    assert "too much baclofen" in guidance.text and "1-800-222-1222" in guidance.text


def test_thoughts_of_suicide_get_the_crisis_line_after_the_emergency_number(clinic: Clinic) -> None:
    guidance = replies(clinic).guidance("emergency", ["overdose", "self_harm"])
    assert guidance.answer_id == "self_harm"
    assert guidance.text.index("911") < guidance.text.index("988")


def test_an_answer_has_its_sources_and_at_most_three_next_questions(clinic: Clinic) -> None:
    reply = replies(clinic).answer("why_taper")
    assert reply.level == "information" and reply.answer_id == "why_taper"
    assert "Sources:" in reply.text and "https://" in reply.text
    assert 1 <= len(reply.buttons) <= 3
    assert {button.payload for button in reply.buttons} <= replies(clinic).payloads()


def test_an_unsigned_answer_says_so_or_gives_way_to_the_contact(clinic: Clinic) -> None:
    assert "not yet approved" in replies(clinic).answer("why_taper").text
    strict = replies(replace(clinic, unsigned_answers=NotApproved.REPLACE_WITH_CONTACT))
    assert strict.answer("why_taper").answer_id == "cannot_answer"
    assert strict.answer("greeting").answer_id == "greeting"
    assert strict.guidance("emergency", ["seizure"]).answer_id == "emergency_report"


def test_a_mentioned_symptom_adds_one_line(clinic: Clinic) -> None:
    reply = replies(clinic).answer("why_taper", is_symptom_mentioned=True)
    assert "If this is happening now, call 911 now." in reply.text


def test_in_place_of_a_withdrawn_answer_stands_the_contact_and_what_to_do_now(clinic: Clinic) -> None:
    speaking = replies(clinic)
    plain, mentioned = speaking.answer("why_taper"), speaking.answer("timeline", is_symptom_mentioned=True)
    for said in ([plain], [plain, speaking.simpler("timeline")], [speaking.sources("why_taper")]):
        assert speaking.instead_of(said) == speaking.answer("cannot_answer")
    for said in ([mentioned], [plain, mentioned]):
        assert speaking.instead_of(said).text.endswith("If this is happening now, call 911 now.")
        assert "202-555-0142" in speaking.instead_of(said).text


def test_only_a_medical_answer_can_be_withdrawn(clinic: Clinic) -> None:
    vetted, speaking = vetted_texts(), replies(clinic)
    withdrawable = {id for id in vetted.answers if speaking.can_be_withdrawn(id)}
    never = {"emergency_report", "contact_clinic", "cannot_answer", "greeting", "thanks", "what_can_you_do"}
    assert {"why_taper", "timeline", "overdose"} <= withdrawable
    assert not withdrawable & never and not withdrawable & vetted.guidance.keys()
    assert not any(speaking.can_be_withdrawn(id) for id in ("advisory_today", "guidance", "red_flags", "nothing", ""))


def test_what_is_known_of_the_route_chooses_the_text(clinic: Clinic) -> None:
    speaking = replies(clinic)
    texts = {route: speaking.answer("signs_overview", route=route) for route in ("unknown", "pump", "oral")}
    assert len({reply.version for reply in texts.values()}) == 3
    assert texts["pump"].text.startswith("With a pump")
    assert speaking.answer("self_harm", route="pump").version == speaking.answer("self_harm").version


def test_simpler_is_the_short_text_and_still_says_that_it_is_not_approved(clinic: Clinic) -> None:
    reply = replies(clinic).simpler("why_taper")
    assert "not yet approved" in reply.text and "https://" not in reply.text
    assert len(reply.text) < len(replies(clinic).answer("why_taper").text) / 2


def test_a_short_text_is_two_text_messages_at_most_in_every_country(clinic: Clinic) -> None:
    vetted = vetted_texts()
    lengths = {
        (region, id): len(replies(replace(clinic, region=region)).simpler(id).text.split("\n\n")[0])
        for region in vetted.regions.keys() - {"unknown"}
        for id in vetted.answers
    }
    assert len(lengths) > 100
    assert {key: length for key, length in lengths.items() if length > 306} == {}


def test_an_sms_has_the_short_text_with_sources_named_and_nothing_else_lost(clinic: Clinic) -> None:
    vetted = vetted_texts()
    speaking = Replies(vetted, clinic)
    topics = [id for id, answer in vetted.answers.items() if answer.level == "information"]
    assert len(topics) > 25
    for id in topics:
        for route in ("unknown", "pump", "oral"):
            whole = speaking.answer(id, is_symptom_mentioned=True, route=route)
            short = speaking.short(whole)
            assert short.text.startswith(speaking.simpler(id).text.split("\n\n")[0])
            assert "If this is happening now" in short.text
            assert f"Source: {vetted.answers[id].sources[0].title}" in short.text
            assert "not yet approved" in short.text and "http" not in short.text
            assert (short.buttons, short.answer_id, short.level) == (whole.buttons, whole.answer_id, whole.level)
            assert short.version != whole.version


def test_guidance_and_fixed_lines_are_never_shortened(clinic: Clinic) -> None:
    speaking = replies(clinic)
    for said in (
        speaking.guidance("emergency", ["seizure"]),
        speaking.is_it_now(),
        speaking.cannot_answer_now(),
        speaking.was_it_helpful("why_taper"),
        speaking.sources("why_taper"),
    ):
        assert speaking.short(said) == said


def test_what_has_no_words_and_carriers_keywords_get_the_emergency_number(clinic: Clinic) -> None:
    speaking = replies(clinic)
    lines = [speaking.please_write(), *(speaking.carrier(keyword) for keyword in ("stop", "start", "help"))]
    assert all("call 911 now" in line.text for line in lines)


def test_more_offers_what_was_not_offered_before(clinic: Clinic) -> None:
    speaking = replies(clinic)
    before = [button.payload for button in speaking.answer("signs_overview").buttons]
    more = [button.payload for button in speaking.more("signs_overview", before).buttons]
    assert more and set(more) & {*before, "/ask_signs_overview"} == set()


def test_a_follow_up_leads_from_topic_to_topic(clinic: Clinic) -> None:
    speaking = replies(clinic)
    assert speaking.follow_up("why", "how_to_taper") == "why_taper"
    assert speaking.follow_up("why", "signs_muscle") == "why_it_happens"
    assert speaking.follow_up("time", "treatment") == "timeline"


def test_no_number_is_invented_where_the_evidence_has_none(clinic: Clinic) -> None:
    vetted = vetted_texts()
    has = {name: {key for key, value in region.numbers.items() if value} for name, region in vetted.regions.items()}
    assert has == {
        "us": {"emergency_number", "poison_line", "crisis_line"},
        "uk": {"emergency_number", "crisis_line"},
        "ireland": {"emergency_number"},
        "eu": {"emergency_number"},
        "australia": {"emergency_number"},
        "unknown": {"emergency_number"},
    }
    for region in has:
        speaking = replies(replace(clinic, region=region))
        for id in vetted.answers:
            assert wrong_country_numbers(speaking.answer(id).text.split("Sources:")[0], region) == []


def test_unsure_offers_the_nearest_topics_or_the_contact(clinic: Clinic) -> None:
    speaking = replies(clinic)
    offered = speaking.cannot_answer(["why_taper", "signs_overview"])
    assert [button.payload for button in offered.buttons] == ["/ask_why_taper", "/ask_signs_overview"]
    assert "Did you mean" in offered.text
    assert clinic.out_of_hours_phone in speaking.cannot_answer([]).text


def test_no_placeholder_is_left_in_anything_that_is_said(clinic: Clinic) -> None:
    speaking, vetted = replies(clinic), vetted_texts()
    said = [speaking.answer(id) for id in vetted.answers] + [speaking.cannot_answer_now()]
    said += [speaking.guidance(level, [symptom]) for symptom in vetted.advice for level in ("advisory", "emergency")]
    assert len(said) > 30
    assert [reply.answer_id for reply in said if "{" in reply.text or "}" in reply.text] == []


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("region", "mars", "must be one of"),
        ("phone", "", "phone"),
        ("phone", 5550142, "quotes"),
        ("unsigned_answers", "whatever", "must be one of"),
        ("colour", "red", "nothing reads"),
    ],
)
def test_a_spoiled_clinic_is_named(tmp_path: Path, key: str, value: object, says: str) -> None:
    path = tmp_path / "clinic.yml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(CLINIC_FILE.read_text()), key: value}))
    with pytest.raises(VettedFileError, match=says) as raised:
        load_replies(clinic_file=path)
    assert "clinic.yml" in str(raised.value) and key in str(raised.value)
