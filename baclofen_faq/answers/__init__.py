"""vetted/ to the words that are sent: answers and guidance with sources, signatures, reading grade, never-say check."""

from baclofen_faq.answers.clinic import CLINIC_FILE, Clinic, Mode, NotApproved, load_clinic
from baclofen_faq.answers.replies import BY_OWN_NAME, STAFF, Replies, load_replies
from baclofen_faq.answers.reply import HELPFUL, OWN_WORDS, YES_OR_NO, Button, Marker, Reply
from baclofen_faq.answers.store import load_vetted
from baclofen_faq.answers.texts import Answer, Guidance, Source, Text, Vetted

__all__ = [
    "BY_OWN_NAME",
    "CLINIC_FILE",
    "HELPFUL",
    "OWN_WORDS",
    "STAFF",
    "YES_OR_NO",
    "Answer",
    "Button",
    "Clinic",
    "Guidance",
    "Marker",
    "Mode",
    "NotApproved",
    "Replies",
    "Reply",
    "Source",
    "Text",
    "Vetted",
    "load_clinic",
    "load_replies",
    "load_vetted",
]
