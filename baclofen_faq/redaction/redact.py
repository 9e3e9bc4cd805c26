"""E-mail addresses and phone numbers to typed placeholders."""

import re

from phonenumbers import Leniency, PhoneNumberMatcher

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ANY_COUNTRY = re.compile(r"(?<![\d.,/])(?:\+|\(?0)\d(?:[ ().-]{0,2}\d){7,12}(?! ?\d|/|\.\d| ?(?:mg|mcg|ml)\b)")


def redact(text: str, country: str | None = "US") -> str:
    """Replace identifiers by `[email]` and `[phone]`; doses, times, pulses and temperatures stay.

    Args:
        text: any text.
        country: ISO code of the country whose national phone numbers are found; None where there are many: then only
            numbers that begin with + or 0 are.
    >>> redact("call me at 202-555-0142 or jo@example.org, temp 103.2")
    'call me at [phone] or [email], temp 103.2'
    """
    without_email = EMAIL.sub("[email]", text)
    for number in reversed(list(PhoneNumberMatcher(without_email, country, leniency=Leniency.VALID))):
        without_email = f"{without_email[: number.start]}[phone]{without_email[number.end :]}"
    return ANY_COUNTRY.sub("[phone]", without_email)
