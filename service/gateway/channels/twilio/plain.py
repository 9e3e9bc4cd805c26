"""Typographic characters in their plain forms, so that an SMS stays in the small alphabet."""

PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "‚": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",  # a hyphen that does not break
        "−": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
    }
)


def plain(text: str) -> str:
    """The same text with plain quotes, dashes, dots and spaces; every other character as it is.

    >>> print(plain("Don’t stop – call “now”…"))
    Don't stop - call "now"...
    """
    return text.translate(PLAIN)
