"""Which triage judged a message: changes with the red flags, the semantic model and the code."""

import hashlib
from functools import cache
from pathlib import Path

from baclofen_faq.triage.red_flags import RED_FLAGS_FILE

HERE = Path(__file__).parent


@cache
def triage_version() -> str:
    """Twelve hexadecimal digits of the SHA-256 over red_flags.yml, the semantic model's hash and the code."""
    digest = hashlib.sha256()
    for path in (RED_FLAGS_FILE, HERE / "semantic.sha256", *sorted(HERE.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
