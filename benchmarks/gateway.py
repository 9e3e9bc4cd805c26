"""What the gateway adds to a message beyond `assess` and Rasa's own round trip, and what a long conversation costs.

`make bench` prints both. All parts are measured in turns over the same messages, so that a noisy machine tells nothing.
"""

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx

from baclofen_faq.triage import NOTHING_BEFORE, Level, assess
from baclofen_faq.vetted_files import ROOT
from service.place import Place
from service.stack import running
from service.training import prepare

CASES = ROOT / "tests" / "cases" / "messages.jsonl"
LIMIT_MILLISECONDS = 4.0


def main() -> None:
    """Start the bot, measure, print."""
    prepare(print)
    with TemporaryDirectory() as folder:
        place = Place(var=Path(folder))
        with running(place, output=place.var / "serve.log"), httpx.Client(timeout=30) as client:
            overhead(client, place)
            growth(client, place)


def overhead(client: httpx.Client, place: Place) -> None:
    """Print the medians of assess, of Rasa's round trip with that assessment, and of the gateway's."""
    texts = [json.loads(line)["text"] for line in CASES.read_text(encoding="utf-8").splitlines()]
    costs: dict[str, list[float]] = {"assess": [], "Rasa": [], "gateway": [], "added": []}
    for text in texts:
        begun = time.perf_counter()
        assessment = assess(text)
        assessed = 1000 * (time.perf_counter() - begun)
        if assessment.level not in (Level.NONE, Level.INFORMATION):
            continue  # Rasa is not waited for, or is asked for less
        metadata = {"assessment": assessment.as_json(), "route": NOTHING_BEFORE.route.value}
        to_rasa = {"sender": f"bench-{uuid.uuid4()}.0", "message": text, "metadata": metadata}
        to_gateway = {"sender": f"bench-{uuid.uuid4()}", "message": text}
        once = {
            "assess": assessed,
            "Rasa": _milliseconds(_post(client, place.rasa_url, to_rasa)),
            "gateway": _milliseconds(_post(client, place.gateway_url, to_gateway)),
        }
        once["added"] = once["gateway"] - once["Rasa"] - once["assess"]
        for name, cost in once.items():
            costs[name].append(cost)
    for name, each in costs.items():
        print(f"{name:10} median {median(each):6.1f} ms   p95 {quantiles(each, n=20)[-1]:6.1f} ms")
    print(f"the gateway adds {median(costs['added']):.1f} ms beyond assess and Rasa (limit {LIMIT_MILLISECONDS})")


def growth(client: httpx.Client, place: Place, turns: int = 10_000) -> None:
    """Print what late turns of a long conversation cost beside the tenth turns of new ones, measured in turns."""
    old = f"bench-{uuid.uuid4()}"
    for turn in range(turns):
        _turn(client, place, old, turn)
    early, late = [], []
    for number in range(40):
        new = f"bench-{uuid.uuid4()}"
        costs = [_turn(client, place, new, turn) for turn in range(10)]
        early.append(costs[-1])
        late.append(_turn(client, place, old, number))
    ratio = median(late) / median(early)
    print(f"turn {turns}: {median(late):.1f} ms, turn 10: {median(early):.1f} ms, ratio {ratio:.2f} (limit 1.5)")


def _turn(client: httpx.Client, place: Place, sender: str, number: int) -> float:
    text = "why must I taper?" if number % 2 else "what is baclofen withdrawal?"
    return _milliseconds(_post(client, place.gateway_url, {"sender": sender, "message": text}))


def _post(client: httpx.Client, url: str, body: dict[str, object]) -> Callable[[], object]:
    return lambda: client.post(f"{url}/webhooks/rest/webhook", json=body).raise_for_status()


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
