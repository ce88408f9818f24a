"""How every command speaks: data to stdout, talk to stderr, errors with code, message and hint, and exit statuses."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from boxbuild.errors import BoxbuildError, DataError, InfeasibleError

DEFECT: Final = 70
"""Exit status of a defect in boxbuild itself (``EX_SOFTWARE``)."""

INTERRUPTED: Final = 130
"""Exit status after Ctrl-C, as shells have it."""

JSON_KEY: Final = "boxbuild.json"


def _remember(ctx: typer.Context, value: bool) -> bool:
    ctx.meta[JSON_KEY] = value
    return value


Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.", callback=_remember)]


class Face(TyperGroup):
    """The group of commands; turns exceptions into messages and exit statuses."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (BoxbuildError, OSError) as error:
            raise typer.Exit(_report(ctx, error)) from error
        except KeyboardInterrupt:
            talk("interrupted: nothing was written")
            sys.stderr.flush()
            if ctx.params.get("debug"):
                raise
            if "PYTEST_CURRENT_TEST" not in os.environ:
                # a solver's thread may still run: it must not keep the shell waiting
                os._exit(INTERRUPTED)
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if type(error).__module__.startswith(("typer", "click")):
                raise
            raise typer.Exit(_report(ctx, error)) from error


def say(lines: str | Iterable[str]) -> None:
    """Write data to stdout; where stdout has no such signs, in the nearest ones it has."""
    from boxbuild.views.text import plain

    text = lines if isinstance(lines, str) else "\n".join(lines)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = plain(text)
    typer.echo(text)


def say_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str, allow_nan=False))


def talk(text: str) -> None:
    """Write to stderr."""
    typer.echo(text, err=True)


def _report(ctx: Any, error: Exception) -> int:
    if ctx.params.get("debug"):
        talk("".join(traceback.format_exception(error)).rstrip())
    code, status, message, hint = _speech(error)
    issues = [issue.as_dict() for issue in error.issues] if isinstance(error, DataError) else []
    reasons = list(error.reasons) if isinstance(error, InfeasibleError) else []
    if ctx.meta.get(JSON_KEY):
        found = {"code": code, "message": message, "hint": hint, "exit_status": status}
        say_json({"error": {**found, "issues": issues, "reasons": reasons}})
    talk(f"{code}: {message}")
    for reason in reasons:
        talk(f"  - {reason}")
    if isinstance(error, DataError):
        for issue in error.issues[:20]:
            talk(f"  {issue}")
        if len(error.issues) > 20:
            talk(f"  ... and {len(error.issues) - 20} more: boxbuild check")
    if hint:
        talk(f"hint: {hint}")
    return status


def _speech(error: Exception) -> tuple[str, int, str, str]:
    """Code, exit status, message and hint of an exception."""
    if isinstance(error, BoxbuildError):
        return error.code, error.exit_status, error.message, error.hint
    if isinstance(error, OSError):
        what = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
        return "file", 1, what, "check the path and who may write there"
    message = f"{type(error).__name__}: {error}"
    return "defect", DEFECT, message, "this is a defect of boxbuild; --debug shows where"
