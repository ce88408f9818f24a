"""What is said of applications for incentives and of subsidies: every mistake by its own code, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.building import edit_rows, with_settings
from tests.model.law_family import law_family

from boxbuild.law.checks_incentives import find
from boxbuild.network.network import Network

Edit = Callable[[Network], Network]
APPLICATION = {"partner": "home", "year": "2023-24"}


def application(**values: object) -> Edit:
    return lambda network: edit_rows(network, "applications", APPLICATION, **values)


CASES: dict[str, tuple[Edit, str, str]] = {
    "scheme": (application(scheme="in.pli.lsm"), "application-unknown-scheme", "did you mean in.pli.lsem?"),
    "segment": (application(segment="domstic"), "application-unknown-segment", "did you mean domestic?"),
    "segment that is a subsidy": (
        application(scheme="in.ecms", segment="capital_equipment"),
        "application-unknown-segment",
        "segments are",
    ),
    "year": (application(year="2023-25"), "application-year", "did you mean 2023-24?"),
    "year in words": (application(year="next"), "application-year", "write 2023-24"),
    "ladder": (application(year_index="6"), "application-beyond-ladder", "years 1 to 5"),
    "window": (application(year="2026-27"), "application-outside-window", "remove"),
    "window before": (application(year="2019-20"), "application-outside-window", "remove"),
    "horizon": (application(year="2022-23"), "application-outside-horizon", "no bucket"),
    "share": (
        lambda n: edit_rows(n, "contracts", {"contract": "theirs"}, partner="home"),
        "incentive-share-ambiguous",
        "another contract of home",
    ),
    "straddling": (lambda n: with_settings(n, buckets="4w+1m"), "", ""),
    "bucket": (lambda n: with_settings(n, buckets="3d+3w"), "application-year-inside-bucket", "2024-03-28"),
    "subsidy": (
        lambda n: edit_rows(n, "options", {"option": "line"}, subsidy="in.spec"),
        "subsidy-unknown-scheme",
        "did you mean in.specs?",
    ),
    "investor": (
        lambda n: edit_rows(n, "options", {"option": "line"}, partner=None),
        "option-without-partner",
        "count for home",
    ),
    "invoice": (
        lambda n: edit_rows(n, "operations", {"site": "noida", "option": "line"}, invoice_price=None),
        "operation-without-invoice-price",
        "what noida builds of phone",
    ),
    "twice": (
        lambda n: edit_rows(n, "applications", {"partner": "world"}, partner="home"),
        "application-twice",
        "paid for twice",
    ),
    "rupees": (
        lambda n: with_settings(
            edit_rows(n, "rates", {"currency": "USD"}, currency="EUR"), home_currency="USD", home_country="US"
        ),
        "application-without-rate",
        "INR",
    ),
}


def test_finds_nothing_in_a_sound_network() -> None:
    assert find(law_family()) == []


def test_finds_nothing_where_the_book_does_not_count() -> None:
    wrong = with_settings(application(scheme="nothing", year="never")(law_family()), law="tables")
    assert find(wrong) == []


@pytest.mark.parametrize("case", [name for name, (_, code, _) in CASES.items() if code])
def test_names_the_mistake(case: str) -> None:
    edit, code, words = CASES[case]
    found = find(edit(law_family()))
    assert {issue.code for issue in found} == {code}
    assert words in str(found[0])
    assert all(issue.row is not None and issue.table for issue in found)


def test_a_bucket_that_ends_with_the_year_is_fine() -> None:
    assert find(CASES["straddling"][0](law_family())) == []


@pytest.mark.parametrize(("known_on", "codes"), [(date(2021, 6, 27), {"application-outside-window"}), (None, set())])
def test_a_year_is_paid_for_as_known(known_on: date | None, codes: set[str]) -> None:
    """Before the extension of 28 June 2021, the last of the five years was 2024-25."""
    later = with_settings(law_family(), start=date(2026, 3, 18), known_on=known_on)
    later = edit_rows(later, "applications", APPLICATION, year="2025-26")
    later = later.with_table("applications", later.tables["applications"].head(1))
    assert {issue.code for issue in find(later)} == codes
