"""The section of incentives: what each applicant reaches, and by how much it misses what it does not."""

from __future__ import annotations

from tests.building import edit_rows, with_settings
from tests.model.law_family import law_family

from boxbuild.plan.kpis import key_figures
from boxbuild.plan.make import make_plan
from boxbuild.views.sections import incentives


def test_reached_and_missing() -> None:
    network = edit_rows(law_family(), "applications", {"partner": "world"}, invested="7000000000", other_sales="0")
    head, *rows = incentives(key_figures(make_plan(network, gap=1e-9, release=False)))
    assert head.split() == ["applicant", "year", "sales", "over", "the", "base", "investment", "paid"]
    assert rows[0].endswith("26.00 bn of 20.00 bn  1.51 bn of 1.50 bn  225.0 m  reached")
    assert rows[2].endswith("0  sales SHORT BY 150.0 bn, investment SHORT BY 500.0 m")


def test_nothing_to_say_without_the_book() -> None:
    network = with_settings(law_family(), law="tables")
    assert incentives(key_figures(make_plan(network, gap=1e-9, release=False))) == []
