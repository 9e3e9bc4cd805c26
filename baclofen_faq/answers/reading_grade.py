"""How hard a text is to read, as a US school grade."""

import re
from functools import cache

import textstat

HARDEST_GRADE = 6.0
NOT_GRADED = re.compile(r"\b(?:baclofen|lioresal|gablofen|lyvispah|ozobax)\b|\{\w+\}|\+?\d[\d -]{6,}\d", re.IGNORECASE)


@cache
def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade of a whole answer, without names of medicines, phone numbers and placeholders.

    Args:
        text: three sentences or more; a fragment has no meaningful grade.
    Source: Kincaid 1975, as computed by textstat 0.7.4.
    >>> reading_grade("Baclofen is a drug. It eases spasms. Do not stop it on your own.") < 3
    True
    """
    return float(textstat.flesch_kincaid_grade(NOT_GRADED.sub("", text)))
