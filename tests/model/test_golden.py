"""Every family of constraints, and the objective, is what its golden file says.

A change of the model is seen line by line.

A golden file is written anew with ``BOXBUILD_GOLDEN=write``; read it before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.model.every_family import every_family
from tests.model.exempt_family import exempt_family
from tests.model.law_family import law_family
from tests.model.lock_family import lock_family
from tests.model.origin_family import origin_family
from tests.model.preference_family import preference_family

from boxbuild.model.assemble import FAMILIES, assemble
from boxbuild.model.model import Model
from boxbuild.model.text import family_text, objective_text

GOLDEN = Path(__file__).parent.parent / "golden"


OWN = {
    "origin": origin_family,
    "preferences": preference_family,
    "incentives": law_family,
    "locks": lock_family,
    **dict.fromkeys(
        ("exempt_within", "exempt_needs", "exempt_balance", "duty_paid", "exempt_opened", "obligations"), exempt_family
    ),
}
"""Families that have a network of their own."""


@pytest.fixture(scope="module")
def model() -> Model:
    return assemble(every_family())


def _compare(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.lp"
    if os.environ.get("BOXBUILD_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing: every family of constraints has a golden file"
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("family", list(FAMILIES))
def test_family_is_as_its_golden_file(model: Model, family: str) -> None:
    model = assemble(OWN[family]()) if family in OWN else model
    assert model.families[family].keys.height > 0, "the golden network exercises every family"
    _compare(family, family_text(model, family))


def test_objective_is_as_its_golden_file(model: Model) -> None:
    _compare("objective", objective_text(model))


def test_objective_of_the_law_is_as_its_golden_file() -> None:
    _compare("law_objective", objective_text(assemble(law_family())))


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.lp")} == {*FAMILIES, "objective", "law_objective"}


@pytest.mark.parametrize("family", list(FAMILIES))
def test_family_has_its_formula_in_its_docstring(family: str) -> None:
    module = __import__(FAMILIES[family].__module__, fromlist=["__doc__"])
    assert module.__doc__ is not None
    assert any(sign in module.__doc__ for sign in (" = ", "<=", ">=")), "the docstring gives the formula"
