"""Laws of the cost roll-up, and the small network's costs by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.building import add_rows, edit_rows, small_network

from boxbuild.bom.cost import roll_up, standard_costs
from boxbuild.bom.explosion import explode

pairs = st.tuples(st.integers(0, 5), st.integers(1, 7)).filter(lambda pair: pair[0] < pair[1])
bills = st.lists(st.tuples(pairs, st.integers(1, 6)), max_size=12, unique_by=lambda line: line[0])


def by_item(costs: pl.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["item"]: row for row in costs.iter_rows(named=True)}


@given(bills)
def test_cost_is_what_the_explosion_takes_at_its_prices(drawn: list[tuple[tuple[int, int], int]]) -> None:
    rows = pl.DataFrame(
        [("s", f"i{parent}", f"i{part}", use / 2, None) for (parent, part), use in drawn],
        schema={
            "site": pl.String,
            "parent": pl.String,
            "component": pl.String,
            "use": pl.Float64,
            "alternate_group": pl.String,
        },
        orient="row",
    )
    made = rows["parent"].unique().sort()
    operations = pl.DataFrame({"item": made}).with_columns(
        pl.lit("s").alias("site"), pl.lit(3.0).alias("cost"), pl.lit(0.5).alias("yield")
    )
    items = pl.Series("item", [f"i{item}" for item in range(8)])
    prices = pl.DataFrame({"item": items.filter(~items.is_in(made.implode())), "price": 7.0})
    costs = by_item(roll_up(rows, operations, prices))
    for item in items:
        taken = explode(pl.DataFrame({"item": [item], "quantity": [1.0]}), rows, operations.select("item", "yield"))
        material = taken.filter(pl.col("item").is_in(prices["item"].implode()))["quantity"].sum() * 7
        conversion = taken.filter(pl.col("item").is_in(made.implode()))["quantity"].sum() * 3 / 0.5
        assert costs[item]["material"] == pytest.approx(material)
        assert costs[item]["conversion"] == pytest.approx(conversion)
        assert costs[item]["cost"] == pytest.approx(material + conversion)


def test_the_small_network_by_hand() -> None:
    costs = by_item(standard_costs(small_network()))
    chip = 25 * 82.5
    display = (18 * 1.02 + 0.2) * 82.5
    battery = 500 * 1.01 + 5
    board_material, board_conversion = 2 * 1.005 * chip / 0.99, 120 / 0.99
    assert costs["chip"]["cost"] == pytest.approx(chip)
    assert costs["chip"]["site"] is None
    assert costs["board"]["material"] == pytest.approx(board_material)
    assert costs["board"]["conversion"] == pytest.approx(board_conversion)
    assert costs["board"]["site"] == "noida"
    material = board_material + 1.01 * display + battery
    chennai = (material + board_conversion + 280) / 0.97
    noida = (material + board_conversion + 300) / 0.98
    assert costs["phone-a"]["site"] == ("noida" if noida < chennai else "chennai")
    assert costs["phone-a"]["cost"] == pytest.approx(min(noida, chennai))


def test_of_alternates_the_cheapest_counts() -> None:
    network = small_network()
    network = add_rows(network, "items", {"item": "cell", "kind": "component", "value": 1})
    network = add_rows(network, "sources", {"offer": "cell", "item": "cell", "supplier": "pune", "price": 10})
    network = edit_rows(network, "boms", {"parent": "phone-a", "component": "battery"}, alternate_group="power")
    network = add_rows(
        network, "boms", {"parent": "phone-a", "component": "cell", "quantity": 2, "alternate_group": "power"}
    )
    costs, before = by_item(standard_costs(network)), by_item(standard_costs(small_network()))
    saved = (510 - 20) / 0.98
    assert before["phone-a"]["cost"] - costs["phone-a"]["cost"] == pytest.approx(saved)


def test_an_item_that_cannot_be_had_has_no_cost_and_neither_has_what_contains_it() -> None:
    network = edit_rows(small_network(), "sources", {"offer": "chip-cn"}, until="2023-06-30")
    assert "phone-a" in by_item(standard_costs(network))
    assert set(by_item(standard_costs(network, date(2023, 7, 1)))) == {"display", "battery"}
