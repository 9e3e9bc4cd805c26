"""Plots of the report, as SVG files that stay the same where the figures do."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402  # the kind of output is chosen first

matplotlib.rcParams.update(
    {"svg.hashsalt": "bench", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False}
)
COLOURS = ("#0072b2", "#d55e00", "#999999", "#009e73", "#cc79a7", "#e69f00")  # told apart by everyone (Okabe and Ito)
MARKS = "os^Dv*"
SIZE = (7.0, 3.6)
Points = tuple[Sequence[float], Sequence[float]]


def curves(
    path: Path, title: str, across: str, up: str, series: Mapping[str, Points], is_log: bool = True, marks: bool = True
) -> None:
    """Lines, usually with a mark at each measured point."""
    figure, axes = pyplot.subplots(figsize=SIZE)
    for (name, (xs, ys)), colour, mark in zip(series.items(), cycle(COLOURS), cycle(MARKS)):
        axes.plot(xs, ys, color=colour, marker=mark if marks else "", label=name)
    if is_log:
        axes.set_xscale("log")
        axes.set_yscale("log")
    axes.set_xlabel(across)
    _finish(path, figure, axes, title, up)


def bars(path: Path, title: str, up: str, groups: Sequence[str], series: Mapping[str, Sequence[float]]) -> None:
    """Groups of bars, one colour a candidate."""
    figure, axes = pyplot.subplots(figsize=SIZE)
    width = 0.8 / len(series)
    for number, ((name, heights), colour) in enumerate(zip(series.items(), COLOURS)):
        places = [place + width * (number - (len(series) - 1) / 2) for place in range(len(groups))]
        axes.bar_label(axes.bar(places, heights, width, color=colour, label=name), fmt="%.3g", padding=2, fontsize=8)
    axes.set_xticks(range(len(groups)))
    axes.set_xticklabels(groups)
    _finish(path, figure, axes, title, up)


def _finish(path: Path, figure: "pyplot.Figure", axes: "pyplot.Axes", title: str, up: str) -> None:
    axes.set_title(title)
    axes.set_ylabel(up)
    axes.legend(frameon=False)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
