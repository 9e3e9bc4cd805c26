"""What is said when it is urgent, and what the gateway says without asking anybody."""

from collections.abc import Iterable
from dataclasses import replace

from baclofen_faq.answers.clinic import Clinic, Mode
from baclofen_faq.answers.phones import phones
from baclofen_faq.answers.reply import YES_OR_NO, Button, Reply
from baclofen_faq.answers.texts import Vetted, version_of

CANNOT_ANSWER = "cannot_answer"
EMERGENCY = "emergency_report"
UNSURE = "advisory_unsure"
TODAY = "advisory_today"
NEEDS_PRESCRIBER, REPEATED = "needs_prescriber", "repeated"  # what triage finds without a phrase of red_flags.yml


class UrgentReplies:
    """Guidance and the fixed lines around it, for one clinic."""

    def __init__(self, vetted: Vetted, clinic: Clinic) -> None:
        """Speak for this clinic."""
        self.clinic = clinic
        self._vetted = vetted
        self._fillings = {
            **vetted.regions[clinic.region].numbers,
            "clinic_name": clinic.name,
            "clinic_phone": clinic.phone,
            "clinic_hours": clinic.hours,
            "out_of_hours_phone": clinic.out_of_hours_phone,
        }

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

    def reminder(self) -> Reply:
        """For "thanks" and "ok, calling" while an emergency is open."""
        return self._line_reply("reminder", "thanks")

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
        return self._line_reply("cannot_answer_now")

    def too_many(self) -> Reply:
        """For somebody who writes more often than the limits allow."""
        return self._line_reply("too_many")

    def please_write(self) -> Reply:
        """For a photo, a voice note and whatever else has no words."""
        return self._line_reply("please_write", "what_can_you_do")

    def carrier(self, keyword: str) -> Reply:
        """For the keywords that phone carriers require of SMS: "stop", "start", "help"."""
        return self._line_reply(f"sms_{keyword}", "what_can_you_do")

    def phone_numbers(self) -> list[tuple[str, str]]:
        """(kind, number) of every number to call, the most urgent first.

        The kinds are emergency, crisis, clinic, out_of_hours and poison; a region may have none or several of a kind.
        """
        named = {
            "emergency": self._fillings["emergency_number"],
            "crisis": self._fillings["crisis_line"],
            "clinic": self.clinic.phone,
            "out_of_hours": self.clinic.out_of_hours_phone,
            "poison": self._fillings["poison_line"],
        }
        return [(kind, number) for kind, text in named.items() for number in phones(text)]

    def switched_off(self, mode: Mode) -> Reply:
        """For what is no emergency while the clinic has the bot send guidance and contact only, or switched it off."""
        return self._line_reply(f"mode_{mode.value}")

    def _line(self, id: str) -> str:
        return self._fill(self._vetted.lines[id])

    def _line_reply(self, line: str, answer_id: str = CANNOT_ANSWER, **fillings: str) -> Reply:
        return self._reply(self._vetted.lines[line], "none", answer_id, **fillings)

    def _reply(self, text: str, level: str, answer_id: str, advice: str = "", **fillings: str) -> Reply:
        return Reply(
            self._fill(text, advice=advice, **fillings), level, answer_id, version_of(text.replace("{advice}", advice))
        )

    def _fill(self, text: str, **fillings: str) -> str:
        paragraphs = text.format(**{"advice": "", **self._fillings, **fillings}).split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
