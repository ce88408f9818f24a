"""The table: what is there is shown, what is not is a dash, and a ratio never flatters."""

import numpy as np
import pytest
from bench.growth import growth, power
from bench.job import Found
from bench.table import markdown, ratio

QUICK = Found("optimal", 100.0, 99.0, 1e-9, cpu_seconds=2.0, wall_seconds=2.5, peak_mib=300.0)
SLOW = Found("optimal", 100.0, 100.0, cpu_seconds=60.0, wall_seconds=60.0)
ENDED = Found("unfinished after 90 s", cpu_seconds=90.0, wall_seconds=90.0)
ABSENT = Found("not available", cpu_seconds=0.0, wall_seconds=0.0)


def test_a_ratio_is_how_many_times_the_other_takes() -> None:
    assert ratio(QUICK, SLOW) == "30"
    assert ratio(SLOW, SLOW) == "1"


def test_an_unfinished_alternative_gives_a_ratio_from_below() -> None:
    assert ratio(QUICK, ENDED) == "> 45"


@pytest.mark.parametrize(("row", "other"), [(ENDED, SLOW), (ABSENT, SLOW), (QUICK, ABSENT)])
def test_no_ratio_where_nothing_was_found(row: Found, other: Found) -> None:
    assert ratio(row, other) == "–"


def test_the_table_has_a_line_for_each_and_a_column_of_ratios() -> None:
    lines = markdown({"boxbuild": QUICK, "highs-ipm": SLOW, "pulp": ABSENT}, ["highs-ipm"]).splitlines()
    assert len(lines) == 5
    assert lines[0].endswith("| CPU × (highs-ipm) |")
    assert lines[2] == "| boxbuild | optimal | 2.00 | – | 2.50 | 300 | 100 | 99 | 1.00e-02 | 1e-09 | 30 |"
    assert len({line.count("|") for line in lines}) == 1


def test_a_power_law_is_found_again() -> None:
    across = np.array([1e3, 1e4, 1e6])
    fit = power(across, 3.0 * across**1.25)
    assert fit == pytest.approx((1.25, 3.0))


def test_growth_is_fitted_to_what_finished_and_drawn() -> None:
    def found(nonzeros: int, status: str = "optimal") -> Found:
        seconds, mib = nonzeros / 1e3, 100 + nonzeros / 1e4
        return Found(status, 1.0, 1.0, cpu_seconds=seconds, peak_mib=mib, sizes={"nonzeros": nonzeros})

    grown = growth({1e4: found(10**4), 1e5: found(10**5), 1e6: found(10**6), 1e7: found(10**7, "unfinished after 9 s")})
    assert grown.time == pytest.approx((1.0, 1e-3))
    assert grown.as_json()["time_exponent"] == pytest.approx(1.0)
    assert grown.svg().count("<circle") == 6
    assert "to the power of 1.00" in grown.markdown()
