"""The ledger at the terminal: `make answers` prints it, `make sign ID=why_taper BY=j.doe` signs."""

import argparse
import datetime
import sys

from rich.console import Console
from rich.table import Table

from baclofen_faq.answers import ledger
from baclofen_faq.answers.signatures import State
from baclofen_faq.answers.store import load_vetted
from baclofen_faq.answers.texts import Vetted
from baclofen_faq.vetted_files import VettedFileError

WIDTH = 140
COLORS = {State.SIGNED: "green", State.CHANGED: "red", State.OVERDUE: "yellow", State.UNSIGNED: "dim"}


def main() -> None:
    """Print the ledger, or sign."""
    parser = argparse.ArgumentParser(prog="python -m baclofen_faq.answers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every text that can be sent")
    signing = commands.add_parser("sign", help="sign the exact words of one file of vetted/")
    signing.add_argument("id", help="an answer's id, guidance or red_flags")
    signing.add_argument("by", help="the id of a person of vetted/people.yml")
    arguments = parser.parse_args()
    try:
        vetted = load_vetted()
        if arguments.command == "list":
            show(vetted)
        else:
            sign(vetted, arguments.id, arguments.by)
    except VettedFileError as error:
        sys.exit(str(error))


def show(vetted: Vetted) -> None:
    """The table, and how many of its files are in which state."""
    today = datetime.date.today()
    table = Table("id", "text", "grade", "words", "sources", "signed by", "signed on", "review due", "state", box=None)
    for row in ledger.rows(vetted, today):
        signature = row.signature
        grade = "-" if row.grade is None else row.grade
        cells = [row.id, row.key, grade, row.words, row.sources, signature.by or "-", signature.on or "-"]
        cells += [signature.review_due, f"[{COLORS[row.state]}]{row.state.value}[/]"]
        table.add_row(*map(str, cells))
    screen = Console(width=None if sys.stdout.isatty() else WIDTH)
    screen.print(table)
    states = [vetted.state(id, today) for id in vetted.signatures]
    screen.print(f"\n{len(states)} files: " + ", ".join(f"{states.count(state)} {state.value}" for state in State))


def sign(vetted: Vetted, id: str, by: str) -> None:
    """Show what would be signed, ask, sign."""
    person, texts = ledger.signer(vetted, by), ledger.texts_of(vetted, id)
    screen = Console(highlight=False)
    for text in texts:
        screen.print(text.key, style="bold", markup=False)
        screen.print(text.words, markup=False)
        screen.print()
    for source in dict.fromkeys(source for text in texts for source in text.sources):
        screen.print(f"Source: {source.title}, {source.url}, read on {source.read_on}", markup=False, soft_wrap=True)
    question = (
        f"\nDo you, {person.name} ({person.role}), approve these exact words for patients of your clinic? Type yes: "
    )
    if input(question).strip().lower() != "yes":
        sys.exit("Not signed.")
    path = ledger.sign(vetted, id, by, datetime.date.today())
    screen.print(f"Signed: {path}. Commit it in your own name.", markup=False)


if __name__ == "__main__":
    main()
