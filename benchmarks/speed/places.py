"""Where the speed report keeps what is costly to make, and where it writes."""

from baclofen_faq.vetted_files import ROOT
from service.settings.base import VAR

KEPT = VAR / "bench"  # the stock environment and its model, filled logs: a second run takes them as they are
REPORT = ROOT / "reports" / "bench.md"
RESULTS = ROOT / "reports" / "bench"  # one JSON file a figure, and the plots
