"""Plan, price and prove outsourced electronics manufacturing for export.

>>> import boxbuild
>>> network = boxbuild.read("examples/tiny")
>>> plan = boxbuild.plan(network)
>>> plan.audit().passed
True

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boxbuild.api import audit, check, compare, explain, peg, plan, read, report

    __version__: str

__all__ = ["__version__", "audit", "check", "compare", "explain", "peg", "plan", "read", "report"]


class _Face(ModuleType):
    """A package that can be called: ``boxbuild.plan`` is the package of that name and the function."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        return getattr(import_module("boxbuild.api"), self.__name__.rpartition(".")[2])(*args, **options)


class _Root(ModuleType):
    """The package itself: whoever binds one of its packages to a public name binds it as a function, too."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("plan", "audit") and type(value) is ModuleType:
            value.__class__ = _Face
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Root


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("boxbuild")
    if name in ("plan", "audit"):
        return import_module(f"boxbuild.{name}")
    if name in __all__:
        return getattr(import_module("boxbuild.api"), name)
    raise AttributeError(f"module 'boxbuild' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
