"""Numbers in a workbook are stored as short as they are."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from boxbuild.files.sheet import exact
from boxbuild.files.shortest import write_shortest


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shortest")


def stored(desk: Path, numbers: list[float]) -> list[str]:
    file = desk / "numbers.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = write_shortest(book).add_worksheet("numbers")
        for row, number in enumerate(numbers):
            sheet.write_number(row, 0, number)
    with zipfile.ZipFile(file) as parts:
        return re.findall(r"<v>(.*?)</v>", parts.read("xl/worksheets/sheet1.xml").decode())


def test_a_price_is_stored_as_it_is_written(desk: Path) -> None:
    """Sixteen digits of 8.2 are 8.199999999999999."""
    assert stored(desk, [8.2, 0.1, 3.0, 1e6, -2.35]) == ["8.2", "0.1", "3", "1000000", "-2.35"]


@settings(max_examples=20)
@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_every_number_comes_back(desk: Path, numbers: list[float]) -> None:
    assert [float(text) for text in stored(desk, numbers)] == numbers
    read = [cell.value for cell in load_workbook(desk / "numbers.xlsx")["numbers"]["A"]]
    assert read == numbers


def test_a_text_of_few_digits_is_a_number() -> None:
    assert exact("8.2") == 8.2
    assert exact("0.30") == 0.3
    assert exact("0.30000000000000004") is None
    assert exact("1234567890123456") is None
