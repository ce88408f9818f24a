"""Fail when the docs are incomplete: missing docstrings, dead links, commands that do not exist.

Run by ``make check``. Prints one line per problem, as ``path:line: what is wrong``.
"""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
HANDBOOKS = ("README.md", "CONTRIBUTING.md")

FENCE = re.compile(r"^\s*(```+|~~~+)\s*([\w-]*)")
CODE_SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
MAKE = re.compile(r"(?:^|[;&|]\s*|\$ )make\s+([a-z][\w-]*)")
COMMAND = re.compile(r"(?:^|[;&|]\s*|\$ )(?:\S*/)?boxbuild\s+([a-z][\w-]*)")


def module_problems(root: Path) -> list[str]:
    """Public modules under ``src/boxbuild`` that have no docstring."""
    package = root / "src" / "boxbuild"
    problems = []
    for path in sorted(package.rglob("*.py")):
        names = path.relative_to(package).with_suffix("").parts
        if any(name.startswith("_") and name != "__init__" for name in names):
            continue
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))):
            problems.append(f"{path.relative_to(root)}:1: the module has no docstring")
    return problems


def api_problems(package: ModuleType) -> list[str]:
    """Names of the package's ``__all__`` whose docstring is not complete in NumPy style.

    A function documents its parameters and what it returns or yields; a class that takes parameters
    documents them under *Parameters* or *Attributes*. Exceptions and plain values need no sections.
    """
    problems = []
    for name in getattr(package, "__all__", ()):
        where = f"{package.__name__}.{name}"
        try:
            thing = getattr(package, name)
        except AttributeError:
            problems.append(f"{where}: is in __all__ but does not exist")
            continue
        if inspect.isclass(thing) or inspect.isroutine(thing):
            problems += [f"{where}: {lack}" for lack in _docstring_lacks(thing)]
    return problems


def _docstring_lacks(thing: type | Callable[..., object]) -> list[str]:
    text = inspect.cleandoc(thing.__doc__ or "")
    if not text:
        return ["has no docstring"]
    lacks = []
    if not text.splitlines()[0].rstrip().endswith("."):
        lacks.append("the docstring does not start with one sentence on one line")
    if inspect.isclass(thing):
        if issubclass(thing, BaseException):
            return lacks
        takes = _parameters(thing)
        if takes and not (_has_section(text, "Parameters") or _has_section(text, "Attributes")):
            lacks.append("the docstring has no section Parameters or Attributes")
        return lacks
    if _parameters(thing) and not _has_section(text, "Parameters"):
        lacks.append("the docstring has no section Parameters")
    returned = inspect.signature(thing).return_annotation
    if returned not in (None, "None", inspect.Signature.empty) and not (
        _has_section(text, "Returns") or _has_section(text, "Yields")
    ):
        lacks.append("the docstring has no section Returns")
    return lacks


def _parameters(thing: Callable[..., object]) -> list[str]:
    try:
        return [name for name in inspect.signature(thing).parameters if name not in ("self", "cls")]
    except ValueError:  # a class without a Python signature
        return []


def _has_section(text: str, title: str) -> bool:
    return re.search(rf"^{title}\n-{{{len(title)}}}$", text, re.MULTILINE) is not None


def link_problems(root: Path) -> list[str]:
    """Links between the pages of the repository that lead nowhere, anchors included."""
    problems = []
    for page in _pages(root):
        for number, line in _prose(page):
            for target in LINK.findall(CODE_SPAN.sub("", line)):
                if re.match(r"[a-z][a-z+.-]*:", target):
                    continue
                name, _, anchor = target.partition("#")
                there = (page.parent / name).resolve() if name else page
                place = f"{page.relative_to(root)}:{number}"
                if not there.exists():
                    problems.append(f"{place}: dead link to {target}")
                elif anchor and there.suffix == ".md" and anchor not in _anchors(there):
                    problems.append(f"{place}: no heading #{anchor} in {there.name}")
    return problems


def command_problems(root: Path, command_exists: Callable[[str], bool]) -> list[str]:
    """Make targets and ``boxbuild`` commands named in the handbooks that do not exist."""
    targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", (root / "Makefile").read_text(), re.MULTILINE))
    problems = []
    for page in (root / name for name in HANDBOOKS if (root / name).exists()):
        for number, code in _code(page):
            place = f"{page.relative_to(root)}:{number}"
            gone = [name for name in MAKE.findall(code) if name not in targets]
            problems += [f"{place}: there is no make target {name!r}" for name in gone]
            gone = [name for name in COMMAND.findall(code) if not command_exists(name)]
            problems += [f"{place}: there is no command `boxbuild {name}`" for name in gone]
    return problems


@cache
def cli_has(command: str) -> bool:
    """Whether the installed command line answers ``boxbuild COMMAND --help``."""
    program = "from boxbuild.cli.main import main; main()"
    asked = [sys.executable, "-c", program, command, "--help"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _pages(root: Path) -> list[Path]:
    top = [root / name for name in HANDBOOKS if (root / name).exists()]
    return top + [page for folder in ("docs", "changes") for page in sorted((root / folder).rglob("*.md"))]


def _lines(page: Path) -> Iterator[tuple[int, str, str | None]]:
    """Each line with its number and the language of the fenced block it is in (None: prose)."""
    fence, language = "", None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        mark = FENCE.match(line)
        if mark and not fence:
            fence, language = mark[1], mark[2]
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence, language = "", None
        else:
            yield number, line, language


def _prose(page: Path) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line, language in _lines(page) if language is None)


def _code(page: Path) -> Iterator[tuple[int, str]]:
    """What a reader would type: code spans, and the lines of fenced blocks that are not Python."""
    for number, line, language in _lines(page):
        if language is None:
            yield from ((number, span.strip()) for span in CODE_SPAN.findall(line))
        elif language not in ("python", "pycon", "py"):
            yield number, line.strip()


@cache
def _anchors(page: Path) -> set[str]:
    titles = [found[1] for _, line in _prose(page) if (found := HEADING.match(line))]
    anchors: set[str] = set()
    for title in titles:
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        repeat = 1
        anchor = slug
        while anchor in anchors:
            anchor, repeat = f"{slug}-{repeat}", repeat + 1
        anchors.add(anchor)
    return anchors


def main() -> int:
    """Print every problem; the exit code says whether there was one."""
    import boxbuild

    problems = (
        module_problems(ROOT)
        + api_problems(boxbuild)
        + link_problems(ROOT)
        + command_problems(ROOT, command_exists=cli_has)
    )
    for problem in problems:
        print(problem)
    print(f"docs: {len(problems)} problem(s)" if problems else "docs: complete", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
