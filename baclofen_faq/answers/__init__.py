"""vetted/ to the words that are sent: answers and guidance with sources, reading grade and never-say check."""

from baclofen_faq.answers.clinic import CLINIC_FILE, Clinic, Mode, load_clinic
from baclofen_faq.answers.replies import YES_OR_NO, Button, Replies, Reply, load_replies
from baclofen_faq.answers.store import load_vetted
from baclofen_faq.answers.texts import Answer, Guidance, Source, Vetted

__all__ = [
    "CLINIC_FILE",
    "YES_OR_NO",
    "Answer",
    "Button",
    "Clinic",
    "Guidance",
    "Mode",
    "Replies",
    "Reply",
    "Source",
    "Vetted",
    "load_clinic",
    "load_replies",
    "load_vetted",
]
