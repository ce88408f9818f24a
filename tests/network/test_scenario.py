"""Scenarios as they are written."""

from datetime import date
from pathlib import Path

import pytest
from tests.building import small_network

from boxbuild.errors import DataError
from boxbuild.network.changes import apply
from boxbuild.network.scenario import parse_scenario, read_scenario

FLOOD = """
name = "noida-down"
because = "flood"

[[change]]
table = "resources"
where = { resource = "noida-*" }
scale = { per_week = 0.5 }
from = 2023-07-03
until = "2023-07-16"
because = "half the lines are under water"
source = "synthetic"

[[change]]
table = "sources"
where = { supplier.country = "CN" }
plus = { lead_days = 7 }

[[change]]
table = "rates"
add = [{ currency = "EUR", home_per_unit = 89.5 }]

[[change]]
table = "lanes"
where = { mode = ["air", "sea"], destination = "hamburg" }
remove = true

[[change]]
table = "settings"
set = { discount_rate = 0.1 }
"""

WRONG = """
name = ""
becuse = "typing"

[[change]]
tabel = "resources"

[[change]]
table = "resources"
where = { resurce = "noida-final" }
scale = { per_week = "much" }
from = "soon"
because = "x"

[[change]]
table = "resources"
because = "x"
set = { per_week = 1 }
remove = "yes"
scale = 3
add = 4
"""


def test_a_scenario_is_read_and_applied(tmp_path: Path) -> None:
    file = tmp_path / "noida-down.toml"
    file.write_text(FLOOD, "utf-8")
    scenario = read_scenario(file)
    assert (scenario.name, scenario.because, len(scenario.changes)) == ("noida-down", "flood", 5)
    assert scenario.changes[0].from_ == date(2023, 7, 3)
    assert scenario.changes[0].until == date(2023, 7, 16)
    assert [change.because for change in scenario.changes] == ["half the lines are under water", *["flood"] * 4]
    network = apply(small_network(), scenario)
    assert network["resources"].height == 7
    assert network["sources"]["lead_days"].to_list() == [21, 14, 3]
    assert network["lanes"].height == 5


def test_everything_that_is_wrong_is_said_at_once_with_its_line() -> None:
    with pytest.raises(DataError) as raised:
        parse_scenario(WRONG, "wrong.toml")
    said = [str(issue) for issue in raised.value.issues]
    assert said == [
        "wrong.toml: 'becuse' is not a word of a scenario (did you mean because?)",
        'wrong.toml, column name: the scenario has no name (write name = "noida-down")',
        "wrong.toml row 5: 'tabel' is not a word of a change (did you mean table?)",
        'wrong.toml row 5, column because: the change has no reason (write because = "...")',
        "wrong.toml row 5, column table: the change names no table",
        "wrong.toml row 8, column from: 'soon' is not a date (write 2023-08-07)",
        "wrong.toml row 8, column where.resurce: 'resurce' is not a column of resources (did you mean resource?)",
        "wrong.toml row 8, column scale.per_week: 'much' is not a number (write 1234.5)",
        "wrong.toml row 15, column scale: '3' is not a table (write scale = { ... })",
        "wrong.toml row 15, column add: is not a list of rows (write add = [{ ... }, { ... }])",
        "wrong.toml row 15, column remove: 'yes' is not true",
    ]


def test_a_file_that_is_not_toml_names_its_line() -> None:
    with pytest.raises(DataError) as raised:
        parse_scenario('name = "x"\nbecause = \n', "half.toml")
    assert str(raised.value.issues[0]).startswith("half.toml row 2: is not TOML")


def test_a_scenario_without_changes_is_not_one() -> None:
    with pytest.raises(DataError) as raised:
        parse_scenario('name = "x"\n')
    assert "write [[change]]" in str(raised.value)


def test_a_missing_file_is_bad_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot read the scenario none.toml"):
        read_scenario(tmp_path / "none.toml")
