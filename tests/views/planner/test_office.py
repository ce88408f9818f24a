"""The workbook in LibreOffice, a real one: it opens, it prints, and what it saves again comes back without a change."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

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


def test_saved_again_it_comes_back_without_a_change(file: Path, tmp_path: Path) -> None:
    """Dates, decimals, texts that look like numbers or formulas: all of them survive the other program."""
    saved = convert(file, "xlsx", tmp_path)
    assert find_edits(read_returned(saved)) == []


def test_the_sums_are_computed_to_what_was_stored(file: Path, tmp_path: Path) -> None:
    """LibreOffice computes each formula anew; the values that were written are the values."""
    saved = openpyxl.load_workbook(convert(file, "xlsx", tmp_path), data_only=True)
    written = openpyxl.load_workbook(file, data_only=True)
    compared = 0
    for name in ("Build plan", "Buy plan", "Cost", "Service"):
        for ours, theirs in zip(written[name][3], saved[name][3], strict=False):
            if isinstance(ours.value, int | float):
                assert theirs.value == pytest.approx(ours.value, rel=1e-9, abs=1e-6), (name, ours.coordinate)
                compared += 1
    assert compared > 10


def test_it_prints(file: Path, tmp_path: Path) -> None:
    assert convert(file, "pdf", tmp_path).read_bytes().startswith(b"%PDF")
