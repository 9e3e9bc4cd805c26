"""Vetted texts to whole replies, filled with the clinic's names and numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from baclofen_faq.answers.clinic import CLINIC_FILE, Clinic, Mode, Unsigned, load_clinic
from baclofen_faq.answers.store import load_vetted
from baclofen_faq.answers.texts import Answer, Vetted, version_of
from baclofen_faq.vetted_files import VETTED, require

NEXT_QUESTIONS = 3
YES_OR_NO = {"/affirm": "Yes", "/deny": "No"}
FEWEST_OFFERED = 2
CANNOT_ANSWER = "cannot_answer"
EMERGENCY = "emergency_report"
UNSURE = "advisory_unsure"
TODAY = "advisory_today"
NEEDS_PRESCRIBER, REPEATED = "needs_prescriber", "repeated"  # what triage finds without a phrase of red_flags.yml


@dataclass(frozen=True)
class Button:
    """A next question: its title, and the payload that asks it (`/ask_<id>`)."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to send: the words, what they are, and which wording of it (`version`)."""

    text: str
    level: str
    answer_id: str
    version: str
    buttons: tuple[Button, ...] = ()


class Replies:
    """Everything the bot can say, for one clinic."""

    def __init__(self, vetted: Vetted, clinic: Clinic) -> None:
        self._vetted = vetted
        self._unsigned = clinic.unsigned_answers
        self._fillings = {
            **vetted.regions[clinic.region],
            "clinic_name": clinic.name,
            "clinic_phone": clinic.phone,
            "clinic_hours": clinic.hours,
            "out_of_hours_phone": clinic.out_of_hours_phone,
        }

    def answer(self, id: str, is_symptom_mentioned: bool = False) -> Reply:
        """The vetted answer with its sources and up to three next questions.

        Args:
            id: a topic id; one that has no answer gets the cannot-answer reply.
            is_symptom_mentioned: add what to do if the severe symptom that was asked about is happening now.
        """
        answer = self._vetted.answers.get(id) or self._vetted.answers[CANNOT_ANSWER]
        if answer.level == "information" and not answer.is_signed and self._unsigned is Unsigned.REPLACE_WITH_CONTACT:
            answer = self._vetted.answers[CANNOT_ANSWER]
        buttons = self._buttons(answer.see_also[:NEXT_QUESTIONS])
        reply = Reply(self._fill(answer.text), answer.level, answer.id, answer.version, buttons)
        if is_symptom_mentioned:
            reply = self._mentioning(reply)
        return (
            replace(reply, text=f"{reply.text}\n\n{self._sources(answer)}") if answer.level == "information" else reply
        )

    def guidance(self, level: str, symptoms: Iterable[str], route: str = "unknown") -> Reply:
        """What is sent first at level advisory or emergency, with the advice of the most urgent of the symptoms.

        Args:
            level: advisory or emergency.
            symptoms: ids of red_flags.yml, or what triage finds without a phrase.
            route: pump, oral or unknown.
        """
        counting = set(symptoms)
        advice = [entry for symptom, entry in self._vetted.advice.items() if symptom in counting]
        named = {entry.guidance for entry in advice}
        otherwise = EMERGENCY if level == "emergency" else TODAY if NEEDS_PRESCRIBER in counting else UNSURE
        guidance = next(
            (g for g in self._vetted.guidance.values() if g.id in named and g.level == level and g.id != EMERGENCY),
            self._vetted.guidance[otherwise],
        )
        text = (
            guidance.overdose
            if guidance.overdose and "overdose" in named
            else guidance.by_route.get(route, guidance.text)
        )
        line = next((a.line for a in advice if a.line), "")
        if REPEATED in counting and level == "emergency":
            line = line or self._vetted.lines["third_time"]
        elif REPEATED in counting:
            text = f"{self._vetted.lines['second_time']}\n\n{text}"
        return self._reply(text, guidance.level, guidance.id, advice=line)

    def cannot_answer(self, nearest: Sequence[str], is_symptom_mentioned: bool = False) -> Reply:
        """Say so, and offer the nearest topics as buttons where there are two or more."""
        buttons = self._buttons(nearest)
        if len(buttons) < FEWEST_OFFERED:
            return self.answer(CANNOT_ANSWER, is_symptom_mentioned)
        reply = replace(self._reply(self._vetted.lines["did_you_mean"], "none", CANNOT_ANSWER), buttons=buttons)
        return self._mentioning(reply) if is_symptom_mentioned else reply

    def reminder(self) -> Reply:
        """For "thanks" and "ok, calling" while an emergency is open."""
        return self._reply(self._vetted.lines["reminder"], "none", "thanks")

    def closed(self, is_crisis: bool = False) -> Reply:
        """For "the ambulance is here" and "it did not happen"; after a crisis, for "I am with somebody"."""
        return self._reply(self._vetted.lines["closed_crisis" if is_crisis else "closed"], "information", "thanks")

    def not_now(self) -> Reply:
        """For "no" to the closed question whether it is happening now."""
        return self._reply(self._vetted.lines["not_now"], "information", "thanks")

    def is_it_now(self) -> Reply:
        """The closed question after a message that only sounds urgent."""
        reply = self._reply(self._vetted.lines["is_it_now"], "advisory", UNSURE)
        return replace(reply, buttons=tuple(Button(title, payload) for payload, title in YES_OR_NO.items()))

    def after_crisis(self, reply: Reply) -> Reply:
        """The same reply with the crisis line, for the rest of a session in which self-harm was spoken of."""
        return replace(reply, text=f"{reply.text}\n\n{self._line('after_crisis')}")

    def cannot_answer_now(self) -> Reply:
        """For when the engine gave nothing in time."""
        return self._reply(self._vetted.lines["cannot_answer_now"], "none", CANNOT_ANSWER)

    def switched_off(self, mode: Mode) -> Reply:
        """For what is no emergency while the clinic has the bot send guidance and contact only, or switched it off."""
        return self._reply(self._vetted.lines[f"mode_{mode.value}"], "none", CANNOT_ANSWER)

    def is_topic(self, id: str) -> bool:
        """Whether the id is one of a medical answer, which can be offered as a button."""
        return id in self._vetted.answers and self._vetted.answers[id].level == "information"

    def payloads(self) -> frozenset[str]:
        """The closed list of payloads that buttons can carry."""
        topics = (f"/ask_{id}" for id in self._vetted.answers if id in self._linked() or self.is_topic(id))
        return frozenset((*topics, *YES_OR_NO))

    def _mentioning(self, reply: Reply) -> Reply:
        """The same where a severe symptom was spoken of but does not count: with what to do if it is now."""
        level = "information" if reply.level == "none" else reply.level
        return replace(reply, text=f"{reply.text}\n\n{self._line('if_happening_now')}", level=level)

    def _linked(self) -> set[str]:
        return {id for answer in self._vetted.answers.values() for id in answer.see_also}

    def _buttons(self, ids: Iterable[str]) -> tuple[Button, ...]:
        questions = {id: self._vetted.answers[id].question for id in ids if id in self._vetted.answers}
        return tuple(Button(question, f"/ask_{id}") for id, question in questions.items())

    def _sources(self, answer: Answer) -> str:
        lines = ["Sources:", *(f"- {source.title}: {source.url}" for source in answer.sources)]
        if not answer.is_signed:
            lines.append(self._line("not_yet_approved"))
        return "\n".join(lines)

    def _line(self, id: str) -> str:
        return self._fill(self._vetted.lines[id])

    def _reply(self, text: str, level: str, answer_id: str, advice: str = "") -> Reply:
        return Reply(self._fill(text, advice), level, answer_id, version_of(text.replace("{advice}", advice)))

    def _fill(self, text: str, advice: str = "") -> str:
        paragraphs = text.format(**self._fillings, advice=advice).split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def load_replies(vetted_folder: Path = VETTED, clinic_file: Path = CLINIC_FILE) -> Replies:
    """Read everything that can be sent, and the clinic.

    Raises:
        VettedFileError: a file is missing or malformed; the message names path and key.
    """
    vetted, clinic = load_vetted(vetted_folder), load_clinic(clinic_file)
    require(clinic.region in vetted.regions, clinic_file, "region", f"must be one of {', '.join(vetted.regions)}")
    return Replies(vetted, clinic)
