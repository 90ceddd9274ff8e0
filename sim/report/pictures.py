"""Figures as files: HTML that opens anywhere, PNG and SVG where a browser is installed to draw them.

plotly.js draws in a browser only: one without a window is asked for the picture that plotly makes of a figure.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import tempfile
from html import escape, unescape
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import plotly.graph_objects as go

from sim.errors import InputError
from sim.report.embedding import harmless
from sim.store.durable import put_where_asked

#: Endings of files, and what plotly calls the format; HTML needs no browser.
FORMATS = {".html": "html", ".png": "png", ".svg": "svg"}
#: Endings of pictures, on which nothing can be moved.
PICTURES = frozenset(FORMATS) - {".html"}
#: Names under which browsers that can do this are installed.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_PATIENCE_S = 120
#: Pixels of a drawing where nobody says how wide, and how high one without a height is.
WIDTH, _HEIGHT = 1100, 620


def save_figure(figure: go.Figure, target: str | Path, *, width_px: int = WIDTH, scale: float = 2.0) -> Path:
    """Write a figure to a file, and return where it is; its ending says in which format.

    Args:
        figure: Any figure of two axes.
        target: A file that ends on .html, .png or .svg; its folder is made if need be.
        width_px: How wide it is drawn; its height is its own.
        scale: Pixels of a PNG for each pixel of the drawing.

    Raises:
        InputError: If the ending is another, the file cannot be written, or a picture is asked for and no browser is
            installed or none is drawn.
    """
    path = Path(target)
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InputError(f"{path}: figures are saved as {', '.join(FORMATS)}; give the file one of these endings")
    if form == "html":
        put_where_asked(path, _page(figure, "Plotly.newPlot('figure', figure);").encode())
        return path
    height = figure.layout.height or round(width_px * (figure.layout.meta or {}).get("height_per_width", 0)) or _HEIGHT
    wanted = f"{{format: '{form}', width: {width_px}, height: {height}, scale: {scale if form == 'png' else 1}}}"
    script = (
        "Plotly.newPlot('figure', figure).then((drawn) => Plotly.toImage(drawn, "
        f"{wanted})).then((url) => {{ document.getElementById('picture').textContent = url; }});"
    )
    _, _, drawn = _asked_of_a_browser(_page(figure, script), path).partition(",")
    if not drawn:
        raise InputError(f"{path}: the browser drew nothing; save the figure as .html and look what it says")
    put_where_asked(path, base64.b64decode(drawn) if form == "png" else unquote(drawn).encode())
    return path


def _page(figure: go.Figure, script: str) -> str:
    title = unescape(str(figure.layout.title.text or "Figure").replace("<br>", " "))
    library = harmless(files("sim.report").joinpath("bundle", "plotly-cartesian.min.js").read_text(encoding="utf-8"))
    data = str(figure.to_json()).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><body>'
        '<div id="figure"></div><pre id="picture" hidden></pre>'
        f"<script>{library}</script><script>const figure = {data};{script}</script></body></html>"
    )


def _asked_of_a_browser(page: str, path: Path) -> str:
    """Return what a page wrote into its element ``picture``.

    Raises:
        InputError: If no browser is installed, or it does not answer.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise InputError(
            f"{path}: a picture is drawn by a browser, and none is installed ({', '.join(BROWSERS[:3])}, ...); save it "
            "as .html, or install one (Debian: apt-get install chromium)"
        )
    with tempfile.TemporaryDirectory(prefix="figure-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "figure.html"
        file.write_text(page, encoding="utf-8")
        rooted = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [
            browser, "--headless", "--disable-gpu", "--disable-dev-shm-usage", *rooted,
            f"--user-data-dir={folder}/profile", "--virtual-time-budget=60000", "--dump-dom", file.as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_S)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InputError(f"{path}: {browser} did not draw it ({error}); save it as .html instead") from error
    written = re.search(r'<pre id="picture"[^>]*>([^<]*)</pre>', done.stdout)
    return written[1] if written else ""
