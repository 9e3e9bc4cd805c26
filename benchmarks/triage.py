"""What triage costs beside the bare sentence embedding, on one thread: `python -m benchmarks.triage`.

Both are measured in turns over the same messages, none of them twice, so that caches and a noisy machine tell nothing.
"""

import json
import time
from collections.abc import Callable
from statistics import mean, median

from baclofen_faq.embedding import Encoder
from baclofen_faq.triage import assess, by_rules
from baclofen_faq.vetted_files import ROOT

ROUNDS = 3
CASES = ROOT / "tests" / "cases" / "messages.jsonl"
EMBEDDING, RULES, TRIAGE = "sentence embedding", "triage without it", "triage"


def main() -> None:
    """Print the median cost of a message in milliseconds, and the ratio of `assess` to the embedding."""
    found = costs()
    for name, milliseconds in found.items():
        print(f"{name:20} median {median(milliseconds):6.2f} ms   mean {mean(milliseconds):6.2f} ms")
    print(f"triage costs {mean(found[TRIAGE]) / mean(found[EMBEDDING]):.2f} times the bare embedding (limit 1.5)")


def costs() -> dict[str, list[float]]:
    """Milliseconds of each message, by what was done with it."""
    texts = [json.loads(line)["text"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    encoder = Encoder()
    parts: dict[str, Callable[[str], object]] = {
        EMBEDDING: lambda text: encoder.summarize([text]),
        RULES: by_rules,
        TRIAGE: assess,
    }
    for part in parts.values():
        part("warm up")
    found: dict[str, list[float]] = {name: [] for name in parts}
    for number in range(ROUNDS):
        for text in texts:
            for name, part in parts.items():
                begun = time.perf_counter()
                part(f"{text} {number}")
                found[name].append(1000 * (time.perf_counter() - begun))
    return found


if __name__ == "__main__":
    main()
