"""The app on this machine alone: bound to the loopback address, nothing fetched from elsewhere, and a clean end."""

from __future__ import annotations

import logging
import signal
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from dash import Dash
from flask import Response, abort, request
from werkzeug.serving import BaseWSGIServer, make_server

from sim.errors import InputError
from sim.explore.app import app
from sim.explore.desk import Desk, How
from sim.explore.finding import scenarios
from sim.explore.keeping import Shelf
from sim.store.manifest import MANIFEST

HOST = "127.0.0.1"


def explore(
    where: Path, *, replications: int, base: Path | None, port: int, browser: bool, tell: Callable[[str], object]
) -> None:
    """Serve the app until it is ended by Ctrl-C or a signal.

    Args:
        where: A scenario, or a folder of some.
        replications: Campaigns of every run.
        base: A batch to begin with, or a folder to keep batches in; a temporary one of this user if None.
        port: Where it listens; 0 for any that is free.
        browser: Whether a browser is opened.
        tell: Is told the address.

    Raises:
        InputError: If there is no scenario, the base is none, or the port is taken.
    """
    found = scenarios(where)
    chosen = next(
        (one.file for one in found if where.is_file() and one.file.resolve() == where.resolve()), found[0].file
    )
    own = base if base is not None and (base / MANIFEST).is_file() else None
    shelf = Shelf(base) if base is not None and own is None else Shelf.of_this_user()
    desk = Desk(found, shelf, How(replications, own=own))
    made = app(desk, where, chosen)
    server = _server(made, port)
    _guarded(made, server.server_port)
    before = {number: signal.signal(number, _ended) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        address = f"http://{HOST}:{server.server_port}/"
        tell(address)
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        desk.close()
        server.server_close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - how Python calls it
    raise KeyboardInterrupt


def _server(made: Dash, port: int) -> BaseWSGIServer:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        return make_server(HOST, port, made.server, threaded=True)
    except (OSError, SystemExit) as error:  # the library ends the program where a port is taken
        raise InputError(f"port {port} cannot be listened on; choose another --port, or none for a free one") from error


def _guarded(made: Dash, port: int) -> None:
    """Answer only pages that came from here, and let them fetch from nowhere else."""
    names = {f"{name}:{port}" for name in (HOST, "localhost")}
    policy: list[str] = []

    @made.server.before_request  # type: ignore[untyped-decorator]  # Dash calls its server Any
    def _for_this_machine() -> None:
        if request.host not in names:
            abort(403)

    @made.server.after_request  # type: ignore[untyped-decorator]  # Dash calls its server Any
    def _fetching_nothing(response: Response) -> Any:
        if not policy:
            inline = " ".join(made.csp_hashes())
            policy.append(
                f"default-src 'self'; script-src 'self' {inline}; style-src 'self' 'unsafe-inline'; "
                "img-src 'self' data: blob:; font-src 'self' data:; base-uri 'none'; form-action 'none'; "
                "frame-ancestors 'none'"
            )
        response.headers["Content-Security-Policy"] = policy[0]
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
