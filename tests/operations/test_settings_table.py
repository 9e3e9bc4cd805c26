"""docs/operations.md lists every setting, and none that nothing reads."""

import re

from baclofen_faq.vetted_files import ROOT
from tests.operations.settings_read import NAME, names_read

PAGE = ROOT / "docs" / "operations.md"
DEFAULTS = {"WEB_SESSION_SECONDS": "1800", "CONSOLE_IDLE_SECONDS": "1800", "BACKUP_KEEP_DAYS": "14", "EMAIL_PORT": "25"}


def rows() -> dict[str, tuple[str, str]]:
    """Default and meaning of each name in the table."""
    section = PAGE.read_text(encoding="utf-8").partition("## Every setting")[2].partition("\n## ")[0]
    found = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`([A-Z0-9_]+)`", cells[0]) if len(cells) == 3 else ():
            assert name not in found, f"{name} stands there twice"
            found[name] = (cells[1], cells[2])
    return found


def test_the_table_names_what_the_code_reads_and_nothing_else() -> None:
    read, listed = names_read(), rows().keys()
    assert len(read) > 60 and {"SECRET_KEY", "TELEGRAM_TOKEN", "WEB_LIMIT_SESSION_FLOOD", "GATEWAYS"} <= read
    assert all(NAME.fullmatch(name) for name in listed)
    assert (sorted(read - listed), sorted(listed - read)) == ([], [])


def test_its_defaults_are_those_of_the_settings() -> None:
    from service.settings import console, gateway

    table = rows()
    for name, value in gateway.WEB_LIMITS.items():
        assert table[f"WEB_LIMIT_{name.upper()}"][0] == value
    for name in ("WEB_SESSION_SECONDS", "BACKUP_KEEP_DAYS"):
        assert table[name][0] == str(getattr(gateway, name)) == DEFAULTS[name]
    assert table["CONSOLE_IDLE_SECONDS"][0] == str(console.IDLE_SECONDS)
    assert table["EMAIL_PORT"][0] == str(console.EMAIL_PORT)
    assert table["METRICS_PORT"][0] == str(console.METRICS_PORT)


def test_no_name_is_explained_that_is_a_typing_error() -> None:
    known = names_read() | {"VAR_FOLDER"}
    words = set(re.findall(r"`([A-Z0-9]+(?:_[A-Z0-9]+)+)`", PAGE.read_text(encoding="utf-8")))
    assert words and words <= known, words - known
