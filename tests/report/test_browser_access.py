"""Whoever reads without a mouse, without a picture, or with a reader of screens finds the same page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.report.chromium import Browser

#: Roles of what can be used or seen; each needs a name.
NAMED = {
    "button", "checkbox", "combobox", "dialog", "image", "img", "link", "navigation", "radio", "region", "searchbox",
    "slider", "spinbutton", "tab", "tabpanel", "textbox",
}  # fmt: skip
#: The relative luminance of a computed colour, and the contrast of two, as WCAG 2.2 defines them.
CONTRAST = """
const luminance = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
  .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
"""
SEEN = "element.checkVisibility({visibilityProperty: true})"
FOCUSABLE = "a[href], button, input, select, summary, [tabindex='0']"


@pytest.fixture(scope="module")
def opened(browser: Browser, report: Path) -> Browser:
    """Return the browser with a page whose tables are all open."""
    browser.resize(1200)
    browser.open(report)
    browser.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    return browser


def nodes(browser: Browser) -> Iterator[dict[str, Any]]:
    """Yield what a reader of screens is told of, each with its role and its name."""
    for node in browser.call("Accessibility.getFullAXTree")["nodes"]:
        if not node["ignored"]:
            yield {"role": node["role"]["value"], "name": node.get("name", {}).get("value", "").strip()}


def test_whatever_can_be_used_or_seen_has_a_name(opened: Browser) -> None:
    """Every control, figure, region and dialog is called something by the browser's own reckoning."""
    found = [node for node in nodes(opened) if node["role"] in NAMED]
    assert [node for node in found if not node["name"]] == []
    assert {"button", "combobox", "image", "region", "searchbox", "slider"} <= {node["role"] for node in found}


def test_every_picture_has_a_text_or_is_hidden_from_readers(opened: Browser) -> None:
    """A drawing stands in an image with a label, or it only repeats the words beside it and is hidden."""
    bare = opened.evaluate(
        "[...document.querySelectorAll('svg, img, canvas')].filter(drawn => "
        "!drawn.closest('[aria-hidden=true], [role=img][aria-label]:not([aria-label=\"\"])')).map(one => one.outerHTML)"
    )
    assert bare == []


def test_headings_skip_no_level(opened: Browser) -> None:
    """From one heading that is shown to the next it goes at most one level down."""
    levels = opened.evaluate(
        f"[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(element => {SEEN})"
        ".map(heading => Number(heading.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_focus_is_seen(opened: Browser) -> None:
    """Whatever takes the focus shows it by an outline of two pixels that stands out from the page."""
    unseen = opened.evaluate(
        f"""(() => {{{CONTRAST}
          const ground = getComputedStyle(document.body).backgroundColor;
          return [...document.querySelectorAll("{FOCUSABLE}")].filter(element => {SEEN} && !element.disabled)
            .filter(element => {{
              element.focus({{focusVisible: true, preventScroll: true}});
              const style = getComputedStyle(element);
              return document.activeElement !== element || style.outlineStyle !== "solid"
                || parseFloat(style.outlineWidth) < 2 || contrast(style.outlineColor, ground) < 3;
            }}).map(element => element.outerHTML.slice(0, 200));
        }})()"""
    )
    assert unseen == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_stand_out_from_the_page(opened: Browser, scheme: str) -> None:
    """The border of a field, a list or a button has a contrast of three to one with the ground on both its sides."""
    opened.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    faint = opened.evaluate(
        f"""(() => {{{CONTRAST}
          const page = getComputedStyle(document.body).backgroundColor;
          return [...document.querySelectorAll("select, input[type=search], button")].filter(element => {SEEN})
            .map(element => [element, getComputedStyle(element)])
            .filter(([, style]) => parseFloat(style.borderTopWidth)).filter(([, style]) => [page, style.backgroundColor]
              .filter(ground => ground !== "rgba(0, 0, 0, 0)")
              .some(ground => contrast(style.borderTopColor, ground) < 3)).map(([element]) => element.outerHTML);
        }})()"""
    )
    opened.call("Emulation.setEmulatedMedia", features=[])
    opened.settle()
    assert faint == []


def test_the_player_says_what_it_would_do(opened: Browser) -> None:
    """The button of the player is named after what it does next, and says its state in no second way."""
    play = "(play => [play.innerText.trim(), play.getAttribute('aria-pressed')])(document.getElementById('play'))"
    assert opened.evaluate(play) == ["Play", None]
    opened.evaluate("document.getElementById('play').click()")
    assert opened.evaluate(play) == ["Pause", None]
    opened.evaluate("document.getElementById('play').click()")
    opened.settle()
    assert opened.evaluate(play) == ["Play", None]
    assert opened.complaints == []


def test_what_scrolls_can_be_scrolled_by_keyboard(opened: Browser) -> None:
    """On a narrow page everything wider than its place takes the focus, or holds something that does."""
    opened.resize(400)
    stuck = opened.evaluate(
        f"""[...document.querySelectorAll("body *")].filter(element => {SEEN}
          && /auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1
          && !element.matches("[tabindex='0'][role=region][aria-label]") && !element.querySelector("{FOCUSABLE}"))
          .map(element => element.outerHTML.slice(0, 200))"""
    )
    scrolling = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
    assert opened.evaluate(scrolling) > 3
    assert stuck == []
