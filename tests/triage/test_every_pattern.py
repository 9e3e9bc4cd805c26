"""No pattern can be made to run for ever by what somebody writes: while one runs, nobody else is answered."""

import json
import os
import subprocess
import sys

from baclofen_faq.vetted_files import ROOT

LIMIT_SECONDS = 240  # all together take a few seconds; one that doubles with each word takes years
COLLECTED = """
import importlib, json, pkgutil, re, sys
found, compiled = {}, re.compile
def collect(pattern, flags=0):
    name = sys._getframe(1).f_globals["__name__"]
    if name.startswith(("baclofen_faq", "service")) and isinstance(pattern, str):
        found[pattern] = [name, int(flags)]
    return compiled(pattern, flags)
re.compile = collect
import baclofen_faq, django
django.setup()
import service.gateway.urls
for module in pkgutil.walk_packages(baclofen_faq.__path__, "baclofen_faq."):
    if not module.name.endswith(("fine_tuning", "triage.training")):
        importlib.import_module(module.name)
print(json.dumps(found))
"""
RUN = """
import itertools, json, re, sys
WORDS = re.compile(r"[A-Za-z']+|[0-9]+")
for pattern, (name, flags) in json.load(sys.stdin).items():
    print(name, pattern, flush=True)
    search = re.compile(pattern, flags).search
    for word, between in itertools.product({*WORDS.findall(pattern), "a", "ab", "1", ".", "-"}, (" ", "", ", ", "-")):
        for begin, end in itertools.product(("", "what "), ("#", "\\0")):
            search(begin + (word + between) * 48 + end)
"""


def test_no_pattern_runs_for_ever() -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "service.settings.gateway"}
    patterns = _python(COLLECTED, "", settings).splitlines()[-1]
    assert len(json.loads(patterns)) > 120
    assert len(_python(RUN, patterns, {}).splitlines()) >= len(json.loads(patterns))


def _python(code: str, given: str, settings: dict[str, str]) -> str:
    """What it prints; where it takes too long, the last line of the error names the pattern."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], input=given, cwd=ROOT, env={**os.environ, **settings},
        timeout=LIMIT_SECONDS, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
