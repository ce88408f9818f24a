"""The workbook in LibreOffice, a real one: it opens, it prints, and what it saves again comes back without a change."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from tests.exchange.planners import inputs, tricky

from boxbuild.exchange.returned import read_returned
from boxbuild.exchange.returned_edits import find_edits

OFFICE = shutil.which("soffice")


@pytest.fixture(scope="session", autouse=True)
def _office() -> None:
    if OFFICE is None and os.environ.get("CI"):
        pytest.fail("LibreOffice is missing: `make office` installs it")
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed: `make office` installs it")


def convert(file: Path, form: str, out: Path) -> Path:
    """Convert a file as LibreOffice does, with a profile of its own."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation=file://{out / 'profile'}"
    command = [OFFICE, profile, "--headless", "--convert-to", form, "--outdir", str(out), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    made = out / f"{file.stem}.{form}"
    assert made.is_file(), done.stderr
    return made


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_saved_again_it_is_the_same_workbook(file: Path, tmp_path: Path) -> None:
    """Dates, decimals and texts survive the other program, which computes each sum to what was stored."""
    again = convert(file, "xlsx", tmp_path)
    assert find_edits(read_returned(again)) == []
    saved = openpyxl.load_workbook(again, data_only=True)
    written = openpyxl.load_workbook(file, data_only=True)
    compared = 0
    for name in ("Build plan", "Buy plan", "Cost", "Service"):
        for ours, theirs in zip(written[name][3], saved[name][3], strict=False):
            if isinstance(ours.value, int | float):
                assert theirs.value == pytest.approx(ours.value, rel=1e-9, abs=1e-6), (name, ours.coordinate)
                compared += 1
    assert compared > 10


@pytest.mark.slow
def test_values_that_spreadsheets_spoil_survive(tmp_path: Path) -> None:
    """Texts that look like numbers, dates or formulas, and numbers to their last digit."""
    file = inputs(tricky(), tmp_path / "tricky.xlsx")
    (tmp_path / "out").mkdir()
    assert find_edits(read_returned(convert(file, "xlsx", tmp_path / "out"))) == []


@pytest.mark.slow
def test_it_prints(file: Path, tmp_path: Path) -> None:
    assert convert(file, "pdf", tmp_path).read_bytes().startswith(b"%PDF")
