"""A network that is written and read is the same network, in every form."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.building import small_network
from tests.files.networks import networks

from boxbuild.errors import UsageError
from boxbuild.files import load, read, write
from boxbuild.network.network import Network


def same(one: Network, other: Network) -> bool:
    assert one.settings == other.settings
    for name, frame in one.tables.items():
        for column in frame.columns:
            pairs = zip(frame[column].to_list(), other.tables[name][column].to_list(), strict=True)
            assert [pair for pair in pairs if pair[0] != pair[1]] == [], f"{name}.{column}"
    return one.digest == other.digest


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking a workbook takes minutes
)
@given(network=networks())
def test_any_network_survives_the_round_trip(form, network):
    """Money to the last decimal, floats to the last bit, texts that look like numbers, dates or formulas."""
    folder = Path(tempfile.mkdtemp())
    try:
        found = load(write(network, folder / "project", form))
        assert found.network is not None, found.issues
        assert same(network, found.network)
        assert found.network.name == network.name
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_the_small_network_reads_back_without_a_word(tmp_path, form):
    assert same(small_network(), read(write(small_network(), tmp_path / "project", form)))


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("name", ["# unit", "# meaning of life", "# example"])
def test_a_first_record_that_looks_like_a_note_is_kept(tmp_path, form, name):
    partners = pl.DataFrame({"partner": [name, "b"], "kind": ["brand", "ems"]})
    network = Network(small_network().settings, {"partners": partners}, "p")
    assert same(network, load(write(network, tmp_path / "p", form)).network)


def test_writing_leaves_nothing_else_behind(tmp_path):
    for form in ("csv", "parquet", "xlsx"):
        write(small_network(), tmp_path / form, form)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["csv", "parquet", "xlsx"]
    assert sorted(path.name for path in (tmp_path / "csv").iterdir()) == ["network.toml", "tables"]
    assert [path.name for path in (tmp_path / "xlsx").iterdir()] == ["network.xlsx"]


def test_writing_again_replaces_the_tables_and_keeps_what_else_is_there(tmp_path):
    """Scenarios, and comments in network.toml where the settings are the same, stay."""
    project = write(small_network(), tmp_path / "project")
    (project / "scenarios").mkdir()
    toml = (project / "network.toml").read_text() + "# mine\n"
    (project / "network.toml").write_text(toml)
    (project / "tables" / "stock.csv").write_text("item,site,quantity\nold,old,1\n")
    fewer = Network(small_network().settings, {"partners": small_network().tables["partners"]}, "project")
    write(fewer, project)
    assert [path.name for path in (project / "tables").iterdir()] == ["partners.csv"]
    assert sorted(path.name for path in project.iterdir()) == ["network.toml", "scenarios", "tables"]
    toml = (project / "network.toml").read_text()
    assert "# mine" not in toml, "the name has changed"
    (project / "network.toml").write_text(toml + "# mine\n")
    write(fewer, project)
    assert "# mine" in (project / "network.toml").read_text()


def test_a_write_that_fails_changes_nothing(tmp_path, monkeypatch):
    project = write(small_network(), tmp_path / "project")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    monkeypatch.setattr("boxbuild.files.comma.write_table", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(small_network(), project)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


@pytest.mark.parametrize(
    ("name", "form", "text"),
    [
        ("project", "parquet", "project holds its tables as csv already (choose another folder, or remove them)"),
        ("project", "xlsx", "project holds its tables as csv already (choose another folder, or remove them)"),
        ("other.xlsx", "csv", "other.xlsx is not a folder (csv is written into a folder)"),
        ("other", "xml", "'xml' is not a form (csv, xlsx or parquet)"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(tmp_path, name, form, text):
    write(small_network(), tmp_path / "project")
    with pytest.raises(UsageError) as caught:
        write(small_network(), tmp_path / name, form)
    assert str(caught.value) == text


def test_the_same_network_is_written_as_the_same_bytes(tmp_path):
    for form, file in (("csv", "tables/sources.csv"), ("parquet", "tables/sources.parquet"), ("xlsx", "network.xlsx")):
        one = write(small_network(), tmp_path / f"one-{form}" / "p", form)
        two = write(small_network(), tmp_path / f"two-{form}" / "p", form)
        pair = [path if path.is_file() else path / file for path in (one, two)]
        assert pair[0].read_bytes() == pair[1].read_bytes()
