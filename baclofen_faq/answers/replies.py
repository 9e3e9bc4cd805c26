"""Vetted texts to whole replies, filled with the clinic's names and numbers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from baclofen_faq.answers.clinic import CLINIC_FILE, Clinic, NotApproved, load_clinic
from baclofen_faq.answers.reply import HELPFUL, OWN_WORDS, YES_OR_NO, Button, Marker, Reply
from baclofen_faq.answers.signatures import State
from baclofen_faq.answers.store import load_vetted
from baclofen_faq.answers.texts import Answer, Source, Vetted, version_of
from baclofen_faq.answers.urgent import CANNOT_ANSWER, UrgentReplies
from baclofen_faq.vetted_files import VETTED, require

NEXT_QUESTIONS = 3
FEWEST_OFFERED = 2
TITLES_OF_SMS = 2  # sources that an SMS names; "where is that from?" names all
BY_OWN_NAME = ("greeting", "goodbye", "thanks", "bot_challenge", "out_of_scope")  # intents; all others are ask_<id>
CONTACT, PRIVACY = "contact_clinic", "privacy"
STAFF = "staff"  # in place of an answer's id: the words are the staff's own
SOURCES = "Sources:"


class Replies(UrgentReplies):
    """Everything the bot can say, for one clinic."""

    def __init__(self, vetted: Vetted, clinic: Clinic, today: Callable[[], date] = date.today) -> None:
        """Speak for this clinic; `today` tells which reviews are overdue."""
        super().__init__(vetted, clinic)
        self._today = today
        self._if_not_approved = {
            State.UNSIGNED: clinic.unsigned_answers,
            State.CHANGED: clinic.changed_answers,
            State.OVERDUE: clinic.overdue_answers,
        }

    def answer(
        self, id: str, is_symptom_mentioned: bool = False, route: str = "unknown", first: Sequence[str] = ()
    ) -> Reply:
        """The vetted answer with its sources and up to three next questions.

        Args:
            id: a topic id; one that has no answer gets the cannot-answer reply.
            is_symptom_mentioned: add what to do if the severe symptom that was asked about is happening now.
            route: pump, oral or unknown; where the answer has a text for that route, it is sent.
            first: ids to offer as next questions before those that the answer names.
        """
        answer = self._approved(id)
        text = answer.by_route.get(route, answer.text)
        offered = [one for one in dict.fromkeys((*first, *answer.see_also)) if one != id]
        return self._whole(answer, text, self._buttons(offered[:NEXT_QUESTIONS]), is_symptom_mentioned)

    def simpler(self, id: str) -> Reply:
        """The short text of an answer."""
        answer = self._approved(id)
        buttons = self._buttons(answer.see_also[:NEXT_QUESTIONS])
        text = "\n\n".join([self._fill(answer.short), *self._notice(answer)])
        return Reply(text, answer.level, answer.id, version_of(answer.short), buttons)

    def sources(self, id: str) -> Reply:
        """Where an answer comes from."""
        answer = self._approved(id)
        version = version_of(answer.text)
        return Reply(self._sources(answer), answer.level, answer.id, version, self._buttons(answer.see_also))

    def more(self, id: str, offered: Sequence[str]) -> Reply:
        """What else can be asked after an answer: the next questions of its next ones, but for those offered last."""
        near = self._vetted.answers[id].see_also
        further = (one for next in near for one in self._vetted.answers[next].see_also)
        new = [one for one in dict.fromkeys((*further, *near)) if one != id and f"/ask_{one}" not in offered]
        return replace(self._line_reply("more", id), buttons=self._buttons((new or near)[:NEXT_QUESTIONS]))

    def cannot_answer(self, nearest: Sequence[str], is_symptom_mentioned: bool = False) -> Reply:
        """Say so, and offer the nearest topics as buttons where there are two or more.

        Args:
            nearest: topic ids, or payloads of the closed list (/delete_conversation).
            is_symptom_mentioned: add what to do if it is happening now.
        """
        buttons = self._buttons(nearest)
        if len(buttons) < FEWEST_OFFERED:
            return self.answer(CANNOT_ANSWER, is_symptom_mentioned)
        reply = replace(self._line_reply("did_you_mean"), buttons=buttons)
        return self._mentioning(reply) if is_symptom_mentioned else reply

    def instead_of(self, withdrawn: Sequence[Reply]) -> Reply:
        """The contact text in place of replies with words of a withdrawn answer.

        What to do if it is happening now is said where one of them said it.
        """
        line = self._line("if_happening_now")
        return self.answer(CANNOT_ANSWER, is_symptom_mentioned=any(line in reply.text for reply in withdrawn))

    def can_be_withdrawn(self, id: str) -> bool:
        """Whether that is a medical answer that the bot can do without."""
        return self._vetted.can_be_withdrawn(id)

    def contact(self, nearest: Sequence[str] = ()) -> Reply:
        """Offer a person: the clinic's and the out-of-hours phone; and the nearest topics as buttons."""
        buttons = self._buttons(nearest)
        return replace(self._line_reply("sorry", CONTACT), buttons=buttons, marker=Marker.HAND_OFF)

    def handed_off(self, reply: Reply) -> Reply:
        """The offer of a person, once the clinic's staff have the conversation at their desk."""
        return replace(reply, text=f"{reply.text}\n\n{self._line('handed_off')}")

    def is_handed_off(self, reply: Reply) -> bool:
        """Whether that reply says that staff have the conversation."""
        return self._line("handed_off") in reply.text

    def from_staff(self, text: str) -> Reply:
        """What a member of the clinic's staff wrote, marked so; every character of it stays as it is."""
        return Reply(self._vetted.lines["from_staff"].format(text=text), "none", STAFF, "")

    def what_else(self) -> Reply:
        """For "no" to what was offered, and for a "yes" to nothing."""
        return replace(self._line_reply("what_else"), buttons=self._buttons(self._vetted.answers["greeting"].see_also))

    def which_one(self, offered: Sequence[str]) -> Reply:
        """For "the fifth one" of three."""
        return replace(self._line_reply("which_one"), buttons=self._buttons(offered))

    def route_noted(self, route: str) -> Reply:
        """For "I have a pump" before any question."""
        return replace(
            self._line_reply(f"route_{route}", "what_can_you_do"),
            buttons=self._buttons(self._vetted.answers["greeting"].see_also),
        )

    def was_it_helpful(self, id: str) -> Reply:
        """Asked after an answer, now and then."""
        buttons = tuple(Button(title, payload) for payload, title in HELPFUL.items())
        return replace(self._line_reply("was_it_helpful", id), buttons=buttons)

    def feedback(self, id: str, marker: Marker) -> Reply:
        """For "that helped", "no help", "not what I asked", said of the answer with that id; the gateway keeps it."""
        return replace(self._line_reply("glad" if marker is Marker.HELPFUL else "sorry", id), marker=marker)

    def own_words(self, payload: str) -> Reply:
        """For a payload of OWN_WORDS: that it could not be done. The gateway does it, and says `erased` or `shown`."""
        is_erasing = payload == "/delete_conversation"
        line, marker = ("not_erased", Marker.ERASE) if is_erasing else ("not_shown", Marker.SHOW)
        return replace(self._line_reply(line, PRIVACY), marker=marker)

    def erased(self, receipt: str, backup_days: int) -> Reply:
        """The conversation is deleted; `receipt` names the deletion. Copies in backups outlive it by `backup_days`."""
        return self._line_reply("erased", PRIVACY, receipt=receipt, backup_days=str(backup_days))

    def shown(self, words: Sequence[str]) -> Reply:
        """A person's own words, as they are stored."""
        if not words:
            return self._line_reply("no_words", PRIVACY)
        reply = self._line_reply("your_words", PRIVACY)
        return replace(reply, text="\n".join([reply.text, "", *(f"- {line}" for line in words)]))

    def apart(self, reply: Reply) -> tuple[str, tuple[Source, ...], str]:
        """A reply's words, and by themselves the sources and the notice that stand among them.

        A reply whose sources have changed since it was sent keeps them in its words.
        """
        answer = self._vetted.answers.get(reply.answer_id)
        if answer is None:
            return reply.text, (), ""
        notice = "\n".join(self._notice(answer))
        for part, sources in ((self._sources(answer), answer.sources), (notice, ())):
            before, found, after = reply.text.partition(part) if part else (reply.text, "", "")
            if found and (not after or after.startswith("\n\n")):
                return _joined(before + after) or SOURCES, sources, notice
        return reply.text, (), ""

    def short(self, reply: Reply) -> Reply:
        """The reply as an SMS has it: the answer's short text in place of the long one, and the titles of its sources.

        A reply without a vetted short text (guidance, fixed lines) stays as it is.
        """
        answer = self._vetted.answers.get(reply.answer_id)
        words, sources, notice = self.apart(reply)
        bodies = map(self._fill, (answer.text, *answer.by_route.values())) if answer and sources else ()
        long = next((body for body in bodies if words.startswith(body)), None)
        if answer is None or long is None:
            return reply
        rest = words.removeprefix(long)
        titles = "; ".join(source.title for source in sources[:TITLES_OF_SMS])
        text = _joined("\n\n".join([self._fill(answer.short) + rest, f"Source: {titles}", notice]))
        return replace(reply, text=text, version=version_of(answer.short))

    def title_of(self, text: str) -> str:
        """What a button with that payload shows; any other text as it is."""
        titles = self._titles() | YES_OR_NO | HELPFUL
        return titles.get(text, text)

    def welcome(self) -> Reply:
        """The greeting, with what is said of what is kept, for somebody who opens a chat."""
        greeting = self.answer("greeting")
        return replace(greeting, text=f"{greeting.text}\n\n{self.privacy_line()}")

    def privacy_line(self) -> str:
        """What is said of what is kept, before anybody has written anything."""
        return self._line("privacy")

    def is_topic(self, id: str) -> bool:
        """Whether the id is one of a medical answer, which can be offered as a button."""
        return id in self._vetted.answers and self._vetted.answers[id].level == "information"

    def has_text_for(self, id: str, route: str) -> bool:
        """Whether an answer has a text of its own for a route."""
        return id in self._vetted.answers and route in self._vetted.answers[id].by_route

    def follow_up(self, kind: str, id: str) -> str:
        """The topic that answers "why", "time" or "danger" after the answer with that id."""
        topics = self._vetted.follow_ups[kind]
        return topics.get(id, topics["otherwise"])

    def payloads(self) -> frozenset[str]:
        """The closed list of payloads that buttons can carry."""
        topics = (f"/ask_{id}" for id in self._vetted.answers if id in self._linked() or self.is_topic(id))
        return frozenset((*topics, *YES_OR_NO, *HELPFUL, *OWN_WORDS))

    def _approved(self, id: str) -> Answer:
        """The answer; the cannot-answer text where it is missing, or not approved and so not to be sent."""
        answer = self._vetted.answers.get(id) or self._vetted.answers[CANNOT_ANSWER]
        is_replaced = self._if_not_approved.get(self._state(answer)) is NotApproved.REPLACE_WITH_CONTACT
        return self._vetted.answers[CANNOT_ANSWER] if answer.level == "information" and is_replaced else answer

    def _state(self, answer: Answer) -> State:
        return self._vetted.state(answer.id, self._today())

    def _whole(self, answer: Answer, text: str, buttons: tuple[Button, ...], is_symptom_mentioned: bool) -> Reply:
        reply = Reply(self._fill(text), answer.level, answer.id, version_of(text), buttons)
        if is_symptom_mentioned:
            reply = self._mentioning(reply)
        if answer.level != "information":
            return reply
        return replace(reply, text=f"{reply.text}\n\n{self._sources(answer)}")

    def _mentioning(self, reply: Reply) -> Reply:
        """The same where a severe symptom was spoken of but does not count: with what to do if it is now."""
        level = "information" if reply.level == "none" else reply.level
        return replace(reply, text=f"{reply.text}\n\n{self._line('if_happening_now')}", level=level)

    def _linked(self) -> set[str]:
        return {id for answer in self._vetted.answers.values() for id in answer.see_also}

    def _buttons(self, ids: Iterable[str]) -> tuple[Button, ...]:
        titles = self._titles()
        payloads = (id if id.startswith("/") else f"/ask_{id}" for id in ids)
        return tuple(Button(titles[payload], payload) for payload in payloads if payload in titles)

    def _titles(self) -> dict[str, str]:
        return {f"/ask_{id}": answer.question for id, answer in self._vetted.answers.items()} | OWN_WORDS

    def _sources(self, answer: Answer) -> str:
        lines = [SOURCES, *(f"- {source.title}: {source.url}" for source in answer.sources)]
        return "\n".join([*lines, *self._notice(answer)])

    def _notice(self, answer: Answer) -> list[str]:
        """What is said of a medical answer that is not approved."""
        state = self._state(answer)
        if answer.level != "information" or state is State.SIGNED:
            return []
        return [self._line("review_overdue" if state is State.OVERDUE else "not_yet_approved")]


def _joined(text: str) -> str:
    """The paragraphs of a text that something was taken out of."""
    return "\n\n".join(paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip())


def load_replies(vetted_folder: Path = VETTED, clinic_file: Path = CLINIC_FILE) -> Replies:
    """Read everything that can be sent, and the clinic.

    Raises:
        VettedFileError: a file is missing or malformed; the message names path and key.
    """
    vetted, clinic = load_vetted(vetted_folder), load_clinic(clinic_file)
    require(clinic.region in vetted.regions, clinic_file, "region", f"must be one of {', '.join(vetted.regions)}")
    return Replies(vetted, clinic)
