"""How a command ends: exit codes, and what is said with them.

0 done; 1 the user's input is wrong; 2 usage (typer says what); 3 a defect of ours; 4 done, but some
replications failed; 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import shlex
import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from sim.cli import terminal
from sim.errors import Impossible, InputError

DONE = 0
WRONG_INPUT = 1
DEFECT = 3
SOME_FAILED = 4
INTERRUPTED = 130

#: Errors of a disk that is full or broken, which no program can mend.
_CANNOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

#: Commands that continue where they stopped when they are typed again.
_RESUME = {"batch"}


#: Commands that fold logs which somebody else may have written.
_READ_LOGS = {"state", "trace", "why", "events", "report", "compare", "hindcast", "export"}


class Commands(TyperGroup):
    """The group of all commands: turns whatever went wrong into words and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed and make sure that its output got out."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _be_quiet()
            raise typer.Exit(DONE) from None
        except InputError as error:
            _say(f"{error}")
            raise typer.Exit(WRONG_INPUT) from error
        except Impossible as error:
            if ctx.invoked_subcommand not in _READ_LOGS:
                raise typer.Exit(_defect(error)) from error
            _say(f"a log of this batch tells what cannot be: {error}; no run of this program wrote it so: `sim verify`")
            raise typer.Exit(WRONG_INPUT) from error
        except KeyboardInterrupt:
            _say(_interrupted(ctx))
            raise typer.Exit(INTERRUPTED) from None
        except OSError as error:
            if error.errno in _CANNOT_WRITE:
                _be_quiet()
                where = error.filename or "what was being written"
                _say(f"{where}: {error.strerror}; make room, or write elsewhere, and type the command again")
                raise typer.Exit(WRONG_INPUT) from error
            if error.filename is None:
                raise typer.Exit(_defect(error)) from error
            _say(f"{error.filename}: {error.strerror or error}")
            raise typer.Exit(WRONG_INPUT) from error
        except typer.Abort:
            raise
        except Exception as error:
            if hasattr(error, "exit_code"):  # typer's own: an exit asked for, or a usage error
                raise
            raise typer.Exit(_defect(error)) from error
        return result


def _say(text: str) -> None:
    """Write to stderr: messages name files and paths, which are no markup."""
    terminal.aside(text)


def _typed() -> str:
    return shlex.join(["sim", *sys.argv[1:]])


def _interrupted(ctx: typer.Context) -> str:
    if ctx.invoked_subcommand in _RESUME:
        return f"\nInterrupted; what was finished is kept. To go on, type again:\n  {_typed()}"
    return f"\nInterrupted. To start again, type:\n  {_typed()}"


def _defect(error: BaseException) -> int:
    from sim import __version__

    python = ".".join(str(part) for part in sys.version_info[:3])
    _say("".join(traceback.format_exception(error)).rstrip())
    _say(
        "\nThis is a defect of sim, not of your input. Please report it where you got the program,\n"
        "with the lines above, the scenario, and these two:\n"
        f"  {_typed()}\n"
        f"  sim {__version__}, Python {python}, {sys.platform}"
    )
    return DEFECT


def _be_quiet() -> None:
    """Let nobody complain about a reader that has gone (``sim run ... | head``)."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
