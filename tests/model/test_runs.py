"""Runs: what a build takes in a bucket is what the bill of materials says on the bucket's first day."""

from __future__ import annotations

import polars as pl
from tests.building import add_rows, small_network, with_rows

from boxbuild.bom.rows import bom_by_bucket
from boxbuild.model.flows import BUILD, Flows, flows
from boxbuild.network.network import Network


def _expected(network: Network, found: Flows) -> pl.DataFrame:
    rows = bom_by_bucket(network).select("site", "bucket", "component", item="parent", per_unit="use")
    here = found.nodes.filter("of_use").select("site", component="item")
    builds = found.kinds["build"].select(BUILD)
    return (
        builds.join(rows, on=["site", "item", "bucket"]).join(here, on=["site", "component"]).sort(*BUILD, "component")
    )


def _changing() -> Network:
    own = {"parent": "phone-a", "site": "noida", "component": "battery", "quantity": 3}
    network = add_rows(small_network(), "boms", own | {"from": "2023-06-19", "until": "2023-07-02"})
    return add_rows(network, "boms", {"parent": "phone-b", "component": "battery", "quantity": 2, "site": "chennai"})


def test_needs_follow_the_bill_of_materials_bucket_by_bucket() -> None:
    network = _changing()
    found = flows(network)
    expected = _expected(network, found)
    assert found.needs.select(expected.columns).equals(expected)
    batteries = found.needs.filter(item="phone-a", site="noida", component="battery").sort("bucket")["per_unit"]
    assert set(batteries.round(6)) == {1.0, 3.0}


def test_a_recipe_knows_the_first_build_column_of_its_run() -> None:
    found = flows(_changing())
    builds = found.kinds["build"].with_row_index("build").select(*BUILD, "build")
    lines = found.recipes.with_columns(bucket="first").join(builds, on=BUILD, nulls_equal=True, suffix="_found")
    assert lines.height == found.recipes.height
    assert lines["build"].to_list() == lines["build_found"].to_list()


def test_without_a_component_only_the_buckets_that_take_it_fall_away() -> None:
    """A part that nobody sells is taken in two weeks: in these weeks nothing is built."""
    rare = {"item": "rare", "kind": "component", "value": 1}
    row = {"parent": "phone-a", "component": "rare", "quantity": 1, "from": "2023-06-19", "until": "2023-07-02"}
    before = flows(small_network()).kinds["build"].filter(item="phone-a")
    after = flows(add_rows(add_rows(small_network(), "items", rare), "boms", row)).kinds["build"].filter(item="phone-a")
    gone = before.join(after, on=BUILD, how="anti", nulls_equal=True)
    assert set(gone["bucket"]) == {2, 3}
    assert after.height == before.height - gone.height


def test_rows_of_one_arc_differ_in_the_bucket_alone() -> None:
    found = flows(_changing())
    for kind in ("build", "buy", "ship"):
        frame = found.kinds[kind]
        assert frame["arc"].is_sorted()
        rest = frame.drop("bucket", "start", "days").unique()
        assert rest.height == frame["arc"].n_unique()
        assert frame.select("arc", "bucket").is_unique().all()


def test_a_network_that_builds_nothing_has_no_recipes() -> None:
    network = with_rows(small_network(), "operations")
    found = flows(network)
    assert found.recipes.is_empty()
    assert found.needs.is_empty()
