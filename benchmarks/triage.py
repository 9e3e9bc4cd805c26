"""What triage costs beside the bare sentence embedding, on one thread: `make bench`.

Both are measured in turns over the same messages, none of them twice, so that caches and a noisy machine tell nothing.
"""

import json
import time
from collections.abc import Callable
from statistics import median

from baclofen_faq.embedding import Encoder
from baclofen_faq.triage import assess, by_rules
from baclofen_faq.vetted_files import ROOT

ROUNDS = 3
CASES = ROOT / "tests" / "cases" / "messages.jsonl"


def main() -> None:
    """Print the median cost of a message in milliseconds, and the ratio of `assess` to the embedding."""
    texts = [json.loads(line)["text"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    encoder = Encoder()
    parts: dict[str, Callable[[str], object]] = {
        "sentence embedding": lambda text: encoder.summarize([text]),
        "triage without it": by_rules,
        "triage": assess,
    }
    for part in parts.values():
        part("warm up")
    costs: dict[str, list[float]] = {name: [] for name in parts}
    for number in range(ROUNDS):
        for text in texts:
            for name, part in parts.items():
                begun = time.perf_counter()
                part(f"{text} {number}")
                costs[name].append(1000 * (time.perf_counter() - begun))
    for name, milliseconds in costs.items():
        print(f"{name:20} median {median(milliseconds):6.2f} ms   mean {sum(milliseconds) / len(milliseconds):6.2f} ms")
    ratio = sum(costs["triage"]) / sum(costs["sentence embedding"])
    print(f"triage costs {ratio:.2f} times the bare embedding (limit 1.5)")


if __name__ == "__main__":
    main()
