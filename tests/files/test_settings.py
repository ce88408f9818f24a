"""Settings from network.toml, a sheet or settings.csv; every bad one is named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from boxbuild.files import load
from boxbuild.files.settings import from_toml, to_toml
from boxbuild.network.settings import Settings

TABLE = "partner,kind\nbrand,brand\n"


@pytest.fixture
def project(tmp_path):
    def make(toml: str | None, **files: str):
        (tmp_path / "tables").mkdir()
        for name, text in {"partners": TABLE, **files}.items():
            (tmp_path / "tables" / f"{name}.csv").write_text(text)
        if toml is not None:
            (tmp_path / "network.toml").write_text(toml)
        found = load(tmp_path)
        return found, [str(issue) for issue in found.issues if issue.table == "settings" and issue.severity == "error"]

    return make


def test_rates_are_read_as_exact_decimals(project):
    found, errors = project('name = "n"\n[settings]\nstart = 2023-06-05\nholding_rate = 0.1\n')
    assert errors == []
    assert found.network.settings == Settings(date(2023, 6, 5), holding_rate=Decimal("0.1"))
    assert found.network.name == "n"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("", ", column start: must not be blank"),
        (
            'start = "05/06/2023"',
            " row 2, column start: '05/06/2023' is not a date (write 2023-06-05 or 2023-05-06: year, month, day)",
        ),
        (
            'start = 2023-06-05\nbuckts = "4w"',
            " row 3, column buckts: is not a setting (did you mean buckets?)",
        ),
        (
            'start = 2023-06-05\nbuckets = "4x"',
            " row 3, column buckets: '4x' is not a horizon (write counts of days, weeks and months such as 14d+6w+10m)",
        ),
        (
            "start = 2023-06-05\nlate_rate = 2",
            " row 3, column late_rate: '2' is more than 1 (a fraction: did you mean 0.02?)",
        ),
        (
            'start = 2023-06-05\nlate_rate = "0,002"',
            " row 3, column late_rate: '0,002' is not a decimal number (did you mean 0.002?)",
        ),
    ],
)
def test_a_bad_setting_is_named_with_its_line(project, lines, text):
    found, errors = project(f"[settings]\n{lines}\n")
    assert errors == ["network.toml" + text]
    assert found.network is None


def test_settings_may_stand_in_a_table_but_not_twice(project):
    rows = "setting,value\nname,n\nstart,2023-06-05\nbuckets,4w\n"
    found, errors = project(None, settings=rows)
    assert (errors, found.network.settings.buckets, found.network.name) == ([], "4w", "n")


def test_settings_in_two_places_are_refused(project):
    _, errors = project("[settings]\nstart = 2023-06-05\n", settings="setting,value\nstart,2023-06-05\n")
    assert errors == ["settings.csv: settings stand here and in network.toml (delete settings.csv)"]


def test_no_settings_are_named(project):
    assert project(None)[1] == [
        "network.toml: there are no settings (add it, with a line [settings] and a line such as start = 2023-06-05)"
    ]


def test_a_broken_toml_is_named(project):
    assert project("[settings\n")[1][0].startswith("network.toml: is not a TOML file: ")


def test_any_text_survives_network_toml(tmp_path):
    odd = Settings(date(2023, 6, 5), title='quote " slash \\ line\n\ttab \x01 é 🙂')
    (tmp_path / "network.toml").write_text(to_toml(odd, odd.title), "utf-8")
    found = from_toml(tmp_path / "network.toml")
    assert (found.settings, found.name) == (odd, odd.title)
