"""One tree of exceptions. Each has a code, a message and a hint; each maps to one exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boxbuild.network.issues import Issue


class BoxbuildError(Exception):
    """Anything that boxbuild says no to.

    Parameters
    ----------
    message
        What is wrong, in the words of the tables.
    hint
        What the user can do about it.
    """

    code = "error"
    exit_status = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message with its hint."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(BoxbuildError):
    """A command or a function was called in a way that has no meaning."""

    code = "usage"
    exit_status = 2


class DataError(BoxbuildError):
    """The tables are wrong; carries every issue that was found, not just the first."""

    code = "data"
    exit_status = 1

    def __init__(self, message: str, issues: Sequence[Issue] = (), hint: str = "") -> None:
        super().__init__(message, hint)
        self.issues = tuple(issues)

    def __str__(self) -> str:
        """Return the message and the first twenty issues, one a line."""
        shown = [str(issue) for issue in self.issues[:20]]
        more = len(self.issues) - len(shown)
        if more > 0:
            shown.append(f"... and {more} more")
        return "\n".join([super().__str__(), *shown])


class ChangeError(BoxbuildError):
    """A change of a scenario cannot be applied."""

    code = "change"
    exit_status = 1


class InfeasibleError(BoxbuildError):
    """No plan exists; carries the reasons in the words of the tables."""

    code = "infeasible"
    exit_status = 3

    def __init__(self, message: str, reasons: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(message, hint)
        self.reasons = tuple(reasons)

    def __str__(self) -> str:
        """Return the message and every reason, one a line."""
        return "\n".join([super().__str__(), *(f"- {reason}" for reason in self.reasons)])


class LimitError(BoxbuildError):
    """A limit of time was reached, or the user interrupted, before any plan was found."""

    code = "limit"
    exit_status = 4


class AuditError(BoxbuildError):
    """A plan does not pass its audit."""

    code = "audit"
    exit_status = 5
