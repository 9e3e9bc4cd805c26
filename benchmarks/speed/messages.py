"""What the visitors of the speed report write: calm questions, nearly none of them twice, so that no cache helps."""

from collections.abc import Iterator
from itertools import count

QUESTIONS = (
    "what is baclofen",
    "what is baclofen withdrawal",
    "why does withdrawal happen",
    "why do I have to taper",
    "how is a taper done",
    "how long does withdrawal last",
    "how is withdrawal treated",
    "what is a baclofen pump",
    "how do pump and tablets differ",
    "can I drive on baclofen",
    "can I drink alcohol with baclofen",
    "is it like alcohol withdrawal",
    "how can withdrawal be prevented",
    "what should I tell the emergency room",
    "how do I reach the clinic",
    "what can you do",
    "who reads what I write here",
    "are you a robot",
    "who is most at risk",
    "what muscle signs are there",
)
BEFORE = (
    "", "hi, ", "hello, ", "please tell me, ", "quick question: ", "sorry, ", "good morning, ", "ok so ", "I wonder, ",
    "for my mother: ", "my nurse could not say, ", "asking for a friend, ",
)  # fmt: skip
AFTER = ("?", "??", ", please?", " exactly?", " in short?", ", do you know?", ", thank you", " in simple words?")


def messages(begin: int = 0) -> Iterator[str]:
    """An endless run of them: 1,920 different ones, then the same again with a number of their own.

    >>> next(messages()), next(messages(7 * 20 * 12))
    ('what is baclofen?', 'what is baclofen in simple words?')
    """
    many = len(QUESTIONS) * len(BEFORE) * len(AFTER)
    for number in count(begin):
        around, place = divmod(number % many, len(QUESTIONS))
        after, before = divmod(around, len(BEFORE))
        again = f" ({number // many + 1})" if number >= many else ""
        yield f"{BEFORE[before]}{QUESTIONS[place]}{AFTER[after]}{again}"
