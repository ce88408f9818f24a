"""Files of law: text to parameters, exact numbers, lines, and every mistake at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.law.texts import dated, one, parameter, wrong

from boxbuild.law import load
from boxbuild.law.parameter import Goods

FULL = """
in.bcd.display.bare:
  title: Display assembly
  levy: bcd
  unit: percent
  goods: {hs: ["85177090", "85177990"], form: display, end_use: igcr_phone, not_origin: [VN], agreement: aifta}
  ends: 2029-03-13
  values:
    2020-10-01:
      value: 0.1
      published: 2020-09-30
      instrument: "57/2017-Customs: S.No.5D"
      reference: https://example.org/a#b
      confidence: high
    2018-01-01: {value: 2.50, published: 2018-01-01, until: 2020-09-30, instrument: x, reference: y}
  note: >-
    Two
    lines.
"""


def test_a_whole_parameter() -> None:
    found = one(FULL)
    early, late = found.values
    assert (found.id, found.country, found.levy, found.unit) == ("in.bcd.display.bare", "IN", "bcd", "percent")
    assert found.goods == Goods(("85177090", "85177990"), "display", "igcr_phone", (), ("VN",), "aifta")
    assert (found.note, found.place) == ("Two lines.", "law/in/test.yaml:2")
    assert (early.since, early.until, str(early.value), early.line) == (
        date(2018, 1, 1), date(2020, 9, 30), "2.50", 15,
    )  # fmt: skip
    assert (late.value, late.until, late.published) == (Decimal("0.1"), date(2029, 3, 13), date(2020, 9, 30))
    assert (late.instrument, late.reference, late.confidence) == (
        "57/2017-Customs: S.No.5D", "https://example.org/a#b", "high",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["0.1", "1e-28", "123456789.123456789", "007"])
def test_numbers_are_the_text_of_the_file(text: str) -> None:
    found = one(parameter(unit="INR", values=dated("2020-01-01", value=text)))
    assert found.values[0].value == Decimal(text)


def test_a_ladder() -> None:
    found = one(parameter(values=dated("2020-01-01", value="{1: 6, 2: 5.5}")))
    assert found.values[0].value == {1: Decimal(6), 2: Decimal("5.5")}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: ]", "law-syntax", 1),
        ("- a\n", "law-syntax", 1),
        ("a: {b: \x00}", "law-syntax", None),
        (parameter() + parameter(), "law-duplicate", 7),
        (parameter(titel="A"), "law-key", 7),
        (parameter(goods="{hs: [8504], ends: x}"), "law-key", 5),
        (parameter(values=dated("2020-02-30", published="2020-02-28")), "law-date", 6),
        (parameter(values=dated("2020-01-01", published="1.1.2020")), "law-date", 6),
        (parameter(values=dated("2020-01-01", until="never")), "law-date", 6),
        (parameter(values=dated("2020-01-01", value="ten")), "law-number", 6),
        (parameter(values=dated("2020-01-01", value="nan")), "law-number", 6),
        (parameter(values=dated("2020-01-01", value="")), "law-number", 6),
        (parameter(values=dated("2020-01-01", value="{first: 6}")), "law-number", 6),
        (parameter(gaps="[2020-01-01]"), "law-date", 7),
        (parameter(title="{a: b}"), "law-key", 2),
    ],
)
def test_what_cannot_be_read_has_its_line(text: str, code: str, line: int | None) -> None:
    found = wrong(text)
    assert found[0].code == code
    assert line is None or found[0].line == line


def test_a_mistyped_key_is_named_with_its_likely_meaning() -> None:
    assert wrong(parameter(titel="A"))[0].hint == "did you mean title?"


def test_everything_is_found_at_once() -> None:
    text = parameter(unit="per cent", values=f"{dated('2020-01-01', reference='')}, {dated('2021-13-01')}")
    text += parameter("in.bcd.other", levy="bdc", goods="", values=dated("2020-01-01", value="x"))
    assert {issue.code for issue in wrong(text)} == {"L001", "law-date", "L004", "law-number", "L005"}


def test_an_empty_file_has_no_parameters() -> None:
    assert load.read({"law/in/empty.yaml": "# nothing yet\n"}) == ([], [])


def test_the_package_has_files_for_every_market() -> None:
    names = {file.split("/")[1] for file in load.package_texts()}
    assert names >= {"in", "ae", "gb", "za", "br", "mx", "bd", "de", "fr", "it", "es", "nl", "pl"}
