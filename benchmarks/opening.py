"""Goal i: how long the page of a batch takes to write, how large it is, and how soon it stands in a browser.

``python -m benchmarks.opening`` measures this alone. Beside the page a browser opens one with the same library and a
single figure of two points: sooner than that nothing that plotly draws can be seen.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

import plotly.graph_objects as go

from benchmarks.result import HEADER, Result
from sim import load_scenario, run_batch
from sim.compare import compare
from sim.report import render_report
from sim.report.figures import save_figure
from tests.report.chromium import Browser, find_chromium, started

SCENARIO = Path(__file__).parents[1] / "scenarios" / "panjshir-2021" / "scenario.yaml"
_STORED = 200
_PER_DRAW = 4
_TIMES = 5
_WIDTH_PX = 1200
#: Notes when the first and when the last drawing was put into the page, in milliseconds after it was asked for.
_WATCH = """
window.drawnAt = [];
new MutationObserver(() => {
  while (drawnAt.length < document.querySelectorAll('.svg-container').length) drawnAt.push(performance.now());
}).observe(document, {subtree: true, childList: true});
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """Seconds from asking for a page to its first figure, and to its last."""

    first_s: float
    last_s: float


def measure() -> list[Result]:
    """Return goal i: seconds and megabytes, and the time to the figures over that of a page with one."""
    with tempfile.TemporaryDirectory() as folder:
        batch = run_batch(
            load_scenario(SCENARIO), Path(folder) / "batch", replications=_STORED, per_draw=_PER_DRAW, seed=1
        )
        compare(batch)  # what it finds out is kept, as `sim batch` does
        began = process_time()
        page = render_report(batch, Path(folder) / "page.html", comparison=compare(batch))
        written_s = process_time() - began
        results = [
            Result("i", f"the page of {_STORED} replications is written", f"{written_s:.1f} s", "3 s"),
            Result("", "  its size", f"{page.stat().st_size / 1e6:.1f} MB", "7 MB"),
        ]
        program = find_chromium()
        if program is None:
            return [*results, Result("", "  opened: no Chromium is installed", "-", "2 s")]
        alone = save_figure(go.Figure(go.Scatter(x=[0, 1], y=[0, 1])), Path(folder) / "alone.html")
        with started(program) as browser:
            browser.resize(_WIDTH_PX)
            browser.call("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
            floor, whole = _opened(browser, alone), _opened(browser, page)
    first, last = (f"{at:.2f} s, {at / floor.first_s:.1f} x" for at in (whole.first_s, whole.last_s))
    return [
        *results,
        Result("", "  its first figure stands; over one figure alone", first, "2 s"),
        Result("", "  every figure stands; over one figure alone", last, ""),
    ]


def _opened(browser: Browser, page: Path) -> Opened:
    """Open a page some times in a warm browser, and return the medians."""
    seen: list[list[float]] = []
    for _ in range(_TIMES + 1):
        browser.open(page)
        seen.append(browser.evaluate("drawnAt"))
    return Opened(median(times[0] for times in seen[1:]) / 1000, median(times[-1] for times in seen[1:]) / 1000)


def main() -> None:
    """Measure goal i alone."""
    print(HEADER)
    for result in measure():
        print(result.line(), flush=True)


if __name__ == "__main__":
    main()
