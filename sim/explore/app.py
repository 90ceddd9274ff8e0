"""What happens when somebody does something on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from traceback import format_exception
from typing import Any

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update, set_props
from flask import Response

from sim.errors import InputError
from sim.explore import layout
from sim.explore.desk import Desk, defect_in_words
from sim.explore.finding import scenarios
from sim.explore.moving import AS_IT_IS, FIXED, SHIFTED, Change, Slider, can_shift, complaint, law_after
from sim.explore.variant import is_there, place_for, save
from sim.scenario.number_words import readable
from sim.scenario.numbers import Entry

_INDEX = """<!DOCTYPE html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}<script src="scheme.js"></script></head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""
#: Every row of levers on a page: each control is named by the scenario's file and the path of its number.
_EVERY: dict[str, Any] = {"file": ALL, "lever": ALL}
_VIEWPORT = {"name": "viewport", "content": "width=device-width, initial-scale=1"}


def app(desk: Desk, where: Path, chosen: Path) -> Dash:
    """Return the app: one page over a desk.

    Args:
        desk: What is played and shown.
        where: The folder whose scenarios can be chosen.
        chosen: The scenario that lies on the desk first.
    """
    made = Dash(
        "sim explore", assets_folder=str(files("sim.explore") / "assets"), serve_locally=True, title="sim explore",
        update_title="", index_string=_INDEX, meta_tags=[_VIEWPORT], add_log_handler=False, on_error=_told,
    )  # fmt: skip
    made.server.add_url_rule("/scheme.js", "scheme", _scheme)
    made.layout = lambda: layout.page(desk.found, _file(desk, chosen), desk.replications)
    _driven(made, desk)
    _moved(made, desk)
    _shown(made, desk)
    _saved(made, desk, where)
    return made


def _told(error: Exception) -> None:
    """Tell on the page what went wrong in answering it, which nobody else would."""
    words = str(error) if isinstance(error, InputError) else defect_in_words("".join(format_exception(error)))
    set_props("status", {"children": words})


def _scheme() -> Response:
    """Answer with what turns colours over on a dark page, as the report does."""
    script = files("sim").joinpath("report/templates/scripts/scheme.js").read_text(encoding="utf-8")
    return Response(
        f"(() => {{\n{script}\nwindow.scheme = {{ darkScheme, isDark, shaded }};\n}})();\n", mimetype="text/javascript"
    )


def _file(desk: Desk, chosen: Path) -> Path:
    origin = desk.origin
    return chosen if origin is None else origin.file


def _changes(rows: Sequence[Mapping[str, str]], modes: Sequence[str], typed: Sequence[str]) -> list[Change]:
    """Return what is moved on the page, from the names of its rows and what their controls say."""
    return [
        Change(row["lever"], mode, str(text).strip())
        for row, mode, text in zip(rows, modes, typed, strict=True)
        if mode != AS_IT_IS
    ]


def _elsewhere(desk: Desk, file: str) -> str:
    """Return what is to be said on a page of one scenario while another lies on the desk, '' if it does not."""
    origin = desk.origin
    if origin is None or str(origin.file) == file:
        return ""
    title = origin.scenario.scenario.title
    return f"Another page has chosen “{title}”. Reload this page to go on with that, or choose a scenario here again."


def _on_the_desk(desk: Desk, file: str, rows: Sequence[Mapping[str, str]] = ()) -> None:
    """Check that the scenario of a page, and of every row on it, is the one on the desk.

    Raises:
        InputError: If another page has chosen another one.
    """
    for one in (file, *(row["file"] for row in rows)):
        elsewhere = _elsewhere(desk, one)
        if elsewhere:
            raise InputError(elsewhere)


def _driven(made: Dash, desk: Desk) -> None:
    """Choosing, running and stopping, and how far it has come."""

    @made.callback(
        Output("version", "data"), Output("bar", "value"), Output("bar", "max"), Output("stage", "children"),
        Output("run", "disabled"), Output("stop", "disabled"), Output("poll", "interval"), Output("status", "children"),
        Output("run", "children"),
        Input("scenario", "value"), Input("run", "n_clicks"), Input("stop", "n_clicks"), Input("poll", "n_intervals"),
        State({"type": "mode", **_EVERY}, "id"), State({"type": "mode", **_EVERY}, "value"),
        State({"type": "typed", **_EVERY}, "value"), State("version", "data"),
    )  # fmt: skip
    def drive(
        scenario: str, run: int, stop: int, tick: int, rows: list[Any], modes: list[str], typed: list[str], version: int
    ) -> tuple[Any, ...]:
        del run, stop, tick
        asked, wrong = ctx.triggered_id, ""
        try:
            if asked in (None, "scenario"):
                desk.choose(_listed(desk, scenario))
            elif asked == "run":
                _on_the_desk(desk, scenario, rows)
                desk.play(_changes(rows, modes, typed))
            elif asked == "stop":
                _on_the_desk(desk, scenario)
                desk.stop()
        except InputError as error:
            wrong = str(error)
        seen, elsewhere = desk.seen(), _elsewhere(desk, scenario)
        if elsewhere:
            return no_update, "0", "1", "", True, True, layout.IDLE_MS, elsewhere, no_update
        news = seen.version != version
        status: Any = wrong or seen.wrong
        if asked == "poll" and not news:
            status = no_update
        stage = f"{seen.what}: {seen.done} of {seen.total} {seen.stage}" if seen.busy else ""
        done, total = (str(seen.done), str(max(seen.total, 1))) if seen.busy else ("0", "1")
        ready = not seen.busy and desk.origin is not None
        return (
            seen.version if news else no_update,
            done,
            total,
            stage,
            not ready,
            not seen.busy,
            layout.POLL_MS if seen.busy else layout.IDLE_MS,
            status,
            layout.run_label(desk.replications),
        )


def _listed(desk: Desk, file: str) -> Path:
    """Return a file that can be chosen: a page asks for no other.

    Raises:
        InputError: If it is none of them.
    """
    known = {str(one.file): one.file for one in desk.found}
    if file not in known:
        raise InputError(f"{file} is none of the scenarios to choose from")
    return known[file]


def _moved(made: Dash, desk: Desk) -> None:
    """Moving one assumption: slider, typed value and mode follow each other; the validator speaks beside them."""
    lever: dict[str, Any] = dict.fromkeys(_EVERY, MATCH)

    @made.callback(
        Output({"type": "mode", **lever}, "value"),
        Output({"type": "step", **lever}, "value"),
        Output({"type": "typed", **lever}, "value"),
        Output({"type": "row", **lever}, "className"),
        Input({"type": "mode", **lever}, "value"),
        Input({"type": "step", **lever}, "value"),
        Input({"type": "typed", **lever}, "value"),
        prevent_initial_call=True,
    )
    def move(mode: str, step: Any, typed: str) -> tuple[Any, ...]:
        asked = ctx.triggered_id
        entry = _entry(desk, asked)
        if entry is None:
            return (no_update,) * 4
        slider, typed = Slider.of(entry), str(typed or "").strip()
        if asked["type"] == "step":
            typed = slider.typed(float(step))
        elif asked["type"] == "mode" and mode == AS_IT_IS:
            typed = slider.typed()
        if mode == AS_IT_IS and asked["type"] != "mode":
            mode = FIXED
        value = layout.value_of(entry, typed)
        at = slider.step(slider.start if value is None else value)
        return mode, at, typed, "lever" if mode == AS_IT_IS else "lever moved"

    @made.callback(
        Output({"type": "says", **lever}, "children"),
        Output({"type": "says", **lever}, "className"),
        Input({"type": "mode", **lever}, "value"),
        Input({"type": "typed", **lever}, "value"),
        State({"type": "says", **lever}, "id"),
    )
    def say(mode: str, typed: str, of: dict[str, Any]) -> tuple[Any, ...]:
        entry, origin = _entry(desk, of), desk.origin
        elsewhere = _elsewhere(desk, of["file"])
        if elsewhere and mode != AS_IT_IS:
            return elsewhere, "says wrong"
        if entry is None or origin is None or mode == AS_IT_IS:
            return "", "says"
        change = Change(entry.path, mode, str(typed or "").strip())
        wrong = complaint(change, entry, origin.scenario)
        if wrong:
            return wrong, "says wrong"
        if mode == SHIFTED and can_shift(entry):
            return f"Now {law_after(change, entry, origin.scenario)}", "says"
        return f"{_shown_value(layout.value_of(entry, change.typed), change.typed, entry)} in every campaign", "says"

    @made.callback(
        Output("moved", "data"), Output("save", "disabled"),
        Input({"type": "mode", **_EVERY}, "value"), Input({"type": "typed", **_EVERY}, "value"),
        State({"type": "mode", **_EVERY}, "id"), State("moved", "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def remember(
        modes: list[str], typed: list[str], rows: list[dict[str, str]], kept: dict[str, Any] | None
    ) -> tuple[Any, ...]:
        if not rows:
            return no_update, True
        changes = _changes(rows, modes, typed)
        now = {change.path: [change.mode, change.typed] for change in changes}
        return {**(kept or {}), rows[0]["file"]: now}, not changes


def _entry(desk: Desk, asked: Any) -> Entry | None:
    """Return the number that a control of a row moves, None if it is of no scenario that lies on the desk."""
    origin = desk.origin
    if not isinstance(asked, dict) or origin is None or asked["file"] != str(origin.file):
        return None
    return origin.entries.get(asked["lever"])


def _shown_value(value: float | None, typed: str, entry: Entry) -> str:
    if value is None:
        return typed
    unit = f" {entry.unit}" if entry.unit not in ("", "s", "share") else ""
    return f"{readable(value, entry)}{unit}"


def _shown(made: Dash, desk: Desk) -> None:
    """What was played, as table, strip and map."""

    @made.callback(
        Output("levers", "children"), Output("heading", "children"), Output("table", "children"),
        Output("warnings", "children"), Output("figures", "data"), Output("pictures", "hidden"),
        Output("switch", "hidden"), Output("day", "max"), Output("day", "value"), Output("attribution", "children"),
        Input("version", "data"),
        State("moved", "data"), State("day", "value"), State("figures", "data"), State("scenario", "value"),
        prevent_initial_call=True,
    )  # fmt: skip
    def show(
        version: int, moved: dict[str, Any] | None, day: Any, before: dict[str, Any] | None, scenario: str
    ) -> tuple[Any, ...]:
        del version
        if _elsewhere(desk, scenario):
            return (no_update,) * 10
        base, variant = desk.shown()
        origin = desk.origin
        if base is None or origin is None:
            word = html.P("They are known when the base run has been played.", className="quiet")
            return word, "", [], [], None, True, True, no_update, no_update, ""
        told = variant or base
        drawn = base["drawing"]
        last = len(drawn["dates"]) - 1
        same = before is not None and before["file"] == str(origin.file)
        rows: Any = no_update
        if not same:
            rows = layout.lever_rows(desk.levers, origin, (moved or {}).get(str(origin.file), {}))
        figures = {
            "file": str(origin.file), "template": drawn["template"], "base": drawn,
            "variant": variant["drawing"] if variant is not None else None,
        }  # fmt: skip
        return (
            rows, _heading(desk), layout.table(told["table"]), layout.warnings(told["table"]), figures, False,
            variant is None, last, min(int(day), last) if same else drawn["horizon_day"],
            " ".join(drawn["attribution"]),
        )  # fmt: skip

    made.clientside_callback(  # type: ignore[no-untyped-call]  # Dash gives it no types
        ClientsideFunction("explore", "draw"),
        Output("strip-base", "figure"), Output("strip-variant", "figure"), Output("map-base", "figure"),
        Output("map-variant", "figure"), Output("pictures", "className"), Output("date", "children"),
        Input("figures", "data"), Input("show", "value"), Input("day", "value"), Input("width", "data"),
        prevent_initial_call=True,
    )  # fmt: skip


def _heading(desk: Desk) -> list[Any]:
    base, variant = desk.shown()
    assert base is not None
    told = variant or base
    count = f"{base['replications']:,} campaigns of the base"
    if variant is not None:
        count += f", {variant['replications']:,} of the variant with the same draws"
    if told["failed"]:
        count += f"; {told['failed']} failed"
    lines: list[Any] = [html.H2(base["title"], className="title"), html.P(count, className="quiet")]
    if desk.changes:
        said = [html.Li([html.Code(one.path), f" {one.mode} at {one.typed}"]) for one in desk.changes]
        lines += [html.P("In the variant that is shown:"), html.Ul(said, className="said")]
    return lines


def _saved(made: Dash, desk: Desk, where: Path) -> None:
    """Saving what is moved as a file."""

    @made.callback(Output("file", "value"), Input("name", "value"), Input("version", "data"), prevent_initial_call=True)
    def propose(name: str, version: int) -> str:
        del version
        return _proposed(desk, name)

    @made.callback(
        Output("saved", "children"), Output("saved", "className"), Output("replace", "hidden"),
        Output("scenario", "options"),
        Input("save", "n_clicks"), Input("replace", "n_clicks"), Input("file", "value"),
        State("name", "value"), State("scenario", "value"), State({"type": "mode", **_EVERY}, "id"),
        State({"type": "mode", **_EVERY}, "value"), State({"type": "typed", **_EVERY}, "value"),
        prevent_initial_call=True,
    )  # fmt: skip
    def keep(
        clicked: int, agreed: int, file: str, name: str, scenario: str, rows: list[Any], modes: list[str],
        typed: list[str],
    ) -> tuple[Any, ...]:  # fmt: skip
        del clicked, agreed
        origin, asked = desk.origin, ctx.triggered_id
        if origin is None or asked == "file":
            return "", "says", True, no_update
        target = Path(str(file or "").strip() or _proposed(desk, name))
        try:
            _on_the_desk(desk, scenario, rows)
            if is_there(origin, target) and asked != "replace":
                return f"{target} is there already. Replace it?", "says wrong", False, no_update
            changes = _changes(rows, modes, typed)
            save(origin, changes, str(name or "").strip() or target.stem, target, replace=asked == "replace")
        except InputError as error:
            return str(error), "says wrong", True, no_update
        except (OSError, ValueError) as error:  # a name that no file can have: too long, or with a sign of no name
            reason = getattr(error, "strerror", None) or error
            return f"{target}: {reason}; choose another name", "says wrong", True, no_update
        desk.found = scenarios(where)
        return f"Saved and valid: {target}", "says", True, layout.options(desk.found)


def _proposed(desk: Desk, name: str) -> str:
    origin = desk.origin
    if origin is None:
        return ""
    place = place_for(origin.file, str(name or "variant"))
    here = Path.cwd()
    return str(place.relative_to(here) if place.is_relative_to(here) else place)
