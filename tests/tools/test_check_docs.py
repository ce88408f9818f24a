"""The docs check must be able to fail: each kind of gap is planted once."""

from pathlib import Path
from types import ModuleType

import pytest

from tools import check_docs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "src" / "boxbuild").mkdir(parents=True)
    (tmp_path / "Makefile").write_text("VENV := .venv\ntest: a ## run\n")
    return tmp_path


def package(**names: object) -> ModuleType:
    module = ModuleType("boxbuild")
    module.__dict__.update(names, __all__=list(names))
    return module


def test_a_public_module_without_docstring_is_named_and_a_private_one_is_not(root: Path) -> None:
    (root / "src/boxbuild/bare.py").write_text("x = 1\n")
    (root / "src/boxbuild/_private.py").write_text("x = 1\n")
    (root / "src/boxbuild/__init__.py").write_text('"""Fine."""\n')
    assert check_docs.module_problems(root) == ["src/boxbuild/bare.py:1: the module has no docstring"]


def test_a_public_function_documents_parameters_and_returns() -> None:
    def plan(network: str) -> int:
        """Plan."""
        return len(network)

    def read(path: str) -> int:
        """Read.

        Parameters
        ----------
        path
            A folder.

        Returns
        -------
        int
            A number.
        """
        return len(path)

    problems = check_docs.api_problems(package(plan=plan, read=read, version="1"))
    assert problems == [
        "boxbuild.plan: the docstring has no section Parameters",
        "boxbuild.plan: the docstring has no section Returns",
    ]


def test_a_public_class_documents_what_it_takes_and_an_exception_need_not() -> None:
    class Plan:
        """A plan."""

        def __init__(self, cost: float) -> None:
            self.cost = cost

    class PlanError(Exception):
        """It failed."""

    problems = check_docs.api_problems(package(Plan=Plan, PlanError=PlanError))
    assert problems == ["boxbuild.Plan: the docstring has no section Parameters or Attributes"]


def test_a_name_in_all_that_does_not_exist_is_named() -> None:
    module = package()
    module.__dict__["__all__"] = ["gone"]
    assert check_docs.api_problems(module) == ["boxbuild.gone: is in __all__ but does not exist"]


def test_dead_links_and_dead_anchors_are_named_with_their_line(root: Path) -> None:
    (root / "docs/a.md").write_text("# One `thing`, two\n\n[ok](b.md) [gone](c.md)\n[no](b.md#x)\n")
    (root / "docs/b.md").write_text("[ok](a.md#one-thing-two)\n```\n[not a link](z.md)\n```\n")
    assert check_docs.link_problems(root) == [
        "docs/a.md:3: dead link to c.md",
        "docs/a.md:4: no heading #x in b.md",
    ]


def test_commands_that_do_not_exist_are_named(root: Path) -> None:
    (root / "README.md").write_text(
        "Run `make test`, then `make tea`; we make things.\n"
        "```sh\n$ .venv/bin/boxbuild fly .\nboxbuild plan .\n```\n"
        "```python\nfrom boxbuild import plan\n```\n"
    )
    assert check_docs.command_problems(root, command_exists=lambda name: name == "plan") == [
        "README.md:1: there is no make target 'tea'",
        "README.md:3: there is no command `boxbuild fly`",
    ]
