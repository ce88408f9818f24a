"""A case comes in with every figure that it has, and orders go out in the words that its verifier reads."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from boxbuild.errors import DataError, UsageError
from boxbuild.exchange import FORMATS
from boxbuild.exchange.ems_case import read_ems_case, write_ems_rows
from boxbuild.network.checks import check
from boxbuild.plan.plan import Plan, Summary
from boxbuild.plan.schemas import SCHEMAS

CASE = {
    "locations": """
location,type,country
PLANT01,plant,CN
PLANT02,plant,IN
HUB1,hub,US
""",
    "items": """
item,type,family,level,unit_cost
FG1,finished,FAM1,0,20.5
SA1,subassembly,FAM1,1,10.25
C1,component,,3,0.0567
C2,component,,3,3
""",
    "operations": """
operation,item,location,lead_time_days,size_minimum,size_multiple,unit_cost
Make FG1 @ PLANT01,FG1,PLANT01,2,10,10,2.5
Make FG1 @ PLANT02,FG1,PLANT02,2,10,10,1.9
Make SA1 @ PLANT01,SA1,PLANT01,3,20,20,1.2
Make SA1 @ PLANT02,SA1,PLANT02,3,20,20,1.1
""",
    "boms": """
operation,parent,location,component,quantity
Make FG1 @ PLANT01,FG1,PLANT01,SA1,1
Make FG1 @ PLANT01,FG1,PLANT01,C1,4
Make FG1 @ PLANT02,FG1,PLANT02,C1,4
Make FG1 @ PLANT02,FG1,PLANT02,SA1,1
Make SA1 @ PLANT01,SA1,PLANT01,C2,2
Make SA1 @ PLANT02,SA1,PLANT02,C2,3
""",
    "operation_resources": """
operation,resource,hours_per_unit
Make FG1 @ PLANT01,ASM PLANT01,0.03
Make FG1 @ PLANT02,ASM PLANT02,0.04
""",
    "resources": """
resource,location,kind,unit
ASM PLANT01,PLANT01,weekly hours,hour
ASM PLANT02,PLANT02,weekly hours,hour
SUPCAP C2,,weekly units,unit
""",
    "capacity": """
resource,start,end,quantity
ASM PLANT01,2026-01-05T00:00:00,2026-01-12T00:00:00,82.0
ASM PLANT01,2026-01-12T00:00:00,2026-01-19T00:00:00,82.0
ASM PLANT01,2026-01-19T00:00:00,2026-01-26T00:00:00,49.2
ASM PLANT02,2026-01-05T00:00:00,2026-01-12T00:00:00,50
ASM PLANT02,2026-01-19T00:00:00,2026-01-26T00:00:00,50
SUPCAP C2,2026-01-05T00:00:00,2026-01-12T00:00:00,500
SUPCAP C2,2026-01-12T00:00:00,2026-01-19T00:00:00,501
SUPCAP C2,2026-01-19T00:00:00,2026-01-26T00:00:00,501
""",
    "item_suppliers": """
item,supplier,lead_time_days,size_minimum,size_multiple,unit_cost,priority,resource
C1,SUP1,21,10000,2000,0.0567,1,
C1,SUP2,10,2000,2000,0.0709,2,
C2,SUP1,14,100,50,3,1,SUPCAP C2
""",
    "distributions": """
item,origin,destination,lead_time_days,unit_cost,priority
FG1,PLANT01,HUB1,21,2.06,1
FG1,PLANT02,HUB1,14,1.88,2
""",
    "inventory": """
item,location,onhand
C1,PLANT01,34930
FG1,HUB1,0
""",
    "open_orders": """
reference,item,location,supplier,quantity,receipt
PO-1,C1,PLANT01,SUP1,6330,2026-01-07T00:00:00
""",
    "demands": """
demand,item,location,quantity,due,week,priority,min_shipment,max_lateness_days
D1,FG1,HUB1,260,2026-01-19T00:00:00,2,1,30,56
D2,FG1,HUB1,100,2026-01-26T00:00:00,3,3,10,56
""",
}


def write_case(folder: Path, **files: str) -> Path:
    (folder / "csv").mkdir(parents=True)
    for name, text in {**CASE, **files}.items():
        (folder / "csv" / f"{name}.csv").write_text(text.strip() + "\n", "utf-8")
    return folder


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return frame.select(columns).rows()


def test_a_case_is_a_network_that_passes_its_checks(tmp_path: Path) -> None:
    """The three weeks of capacity are the horizon; nothing in the tables is wrong."""
    network = read_ems_case(write_case(tmp_path / "tiny"))
    assert (network.name, network.settings.buckets, network.settings.home_currency) == ("tiny", "3w", "USD")
    assert network.calendar.end == date(2026, 1, 26)
    assert [str(issue) for issue in check(network) if issue.severity == "error"] == []


def test_every_figure_comes_in(tmp_path: Path) -> None:
    """Times, lots, money and quantities are those of the case."""
    tables = read_ems_case(write_case(tmp_path / "tiny")).tables
    assert rows(tables["sites"], "site", "partner", "kind", "country") == [
        ("PLANT01", "PLANT01", "plant", "CN"),
        ("PLANT02", "PLANT02", "plant", "IN"),
        ("HUB1", "HUB1", "market", "US"),
        ("SUP1", "SUP1", "supplier", "ZZ"),
        ("SUP2", "SUP2", "supplier", "ZZ"),
    ]
    assert rows(tables["items"], "item", "kind", "family", "value") == [
        ("FG1", "finished", "FAM1", Decimal("20.5")),
        ("SA1", "assembly", "FAM1", Decimal("10.25")),
        ("C1", "component", None, Decimal("0.0567")),
        ("C2", "component", None, Decimal(3)),
    ]
    assert rows(tables["operations"], "site", "item", "cost", "lead_days", "lot_min", "lot_multiple")[1:3] == [
        ("PLANT02", "FG1", Decimal("1.9"), 2, 10.0, 10.0),
        ("PLANT01", "SA1", Decimal("1.2"), 3, 20.0, 20.0),
    ]
    assert rows(tables["uses"], "site", "item", "resource", "quantity") == [
        ("PLANT01", "FG1", "ASM PLANT01", 0.03),
        ("PLANT02", "FG1", "ASM PLANT02", 0.04),
    ]
    assert rows(tables["lanes"], "origin", "destination", "item", "lead_days", "per_unit") == [
        ("PLANT01", "HUB1", "FG1", 21, Decimal("2.06")),
        ("PLANT02", "HUB1", "FG1", 14, Decimal("1.88")),
    ]
    assert rows(tables["stock"], "item", "site", "quantity") == [("C1", "PLANT01", 34930.0)]
    assert rows(tables["receipts"], "reference", "item", "site", "due", "quantity") == [
        ("PO-1", "C1", "PLANT01", date(2026, 1, 7), 6330.0)
    ]


def test_equal_recipes_are_written_once(tmp_path: Path) -> None:
    """Where plants differ in one row of a recipe, the whole recipe is written for each."""
    boms = read_ems_case(write_case(tmp_path / "tiny")).tables["boms"]
    assert sorted(rows(boms, "parent", "component", "site", "quantity"), key=str) == [
        ("FG1", "C1", None, 4.0),
        ("FG1", "SA1", None, 1.0),
        ("SA1", "C2", "PLANT01", 2.0),
        ("SA1", "C2", "PLANT02", 3.0),
    ]


def test_a_plant_without_a_component_keeps_its_own_recipe(tmp_path: Path) -> None:
    """Rows that agree do not speak for a plant that has one row less."""
    text = CASE["boms"].replace("Make FG1 @ PLANT02,FG1,PLANT02,C1,4\n", "")
    boms = read_ems_case(write_case(tmp_path / "tiny", boms=text)).tables["boms"].filter(parent="FG1")
    assert boms["site"].null_count() == 0
    assert boms.height == 3


def test_weeks_of_one_capacity_are_one_window(tmp_path: Path) -> None:
    """Neighbours that are equal are merged; a week without capacity parts them."""
    tables = read_ems_case(write_case(tmp_path / "tiny")).tables
    assert rows(tables["resources"], "resource", "site", "from", "until", "per_week") == [
        ("ASM PLANT01", "PLANT01", date(2026, 1, 5), date(2026, 1, 18), 82.0),
        ("ASM PLANT01", "PLANT01", date(2026, 1, 19), date(2026, 1, 25), 49.2),
        ("ASM PLANT02", "PLANT02", date(2026, 1, 5), date(2026, 1, 11), 50.0),
        ("ASM PLANT02", "PLANT02", date(2026, 1, 19), date(2026, 1, 25), 50.0),
    ]
    assert rows(tables["sources"], "offer", "from", "until", "per_week", "price", "lead_days", "lot_min") == [
        ("C1-SUP1", None, None, None, Decimal("0.0567"), 21, 10000.0),
        ("C1-SUP2", None, None, None, Decimal("0.0709"), 10, 2000.0),
        ("C2-SUP1", date(2026, 1, 5), date(2026, 1, 11), 500.0, Decimal(3), 14, 100.0),
        ("C2-SUP1", date(2026, 1, 12), date(2026, 1, 25), 501.0, Decimal(3), 14, 100.0),
    ]


def test_demand_is_due_on_the_sunday_of_its_week(tmp_path: Path) -> None:
    """The bucket in which it is on time is its week; priority 1 weighs half as much again as priority 3.

    What is dated to the Monday is on time, too: the day of grace.
    """
    network = read_ems_case(write_case(tmp_path / "tiny"))
    assert rows(network.tables["demand"], "demand", "due", "lost_cost", "late_per_day", "max_late_days") == [
        ("D1", date(2026, 1, 18), Decimal(123), Decimal("0.41"), 56),
        ("D2", date(2026, 1, 25), Decimal(82), Decimal("0.2733"), 56),
    ]
    assert network.tables["demand"]["grace_days"].to_list() == [1, 1]
    assert network.tables["demand"]["note"].str.contains("midnight").all()
    assert [network.calendar.bucket(network.calendar.day(due)) for due in network["demand"]["due"]] == [1, 2]


def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    """A missing file, a missing column and a cell that is no number are three issues of one error."""
    folder = write_case(
        tmp_path / "tiny",
        inventory="item,location\nC1,PLANT01",
        items=CASE["items"].replace("20.5", "20;5"),
        open_orders=CASE["open_orders"].replace("T00:00:00", "T08:00:00"),
    )
    (folder / "csv" / "boms.csv").unlink()
    with pytest.raises(DataError) as caught:
        read_ems_case(folder)
    found = [
        (issue.code, Path(issue.file).name, issue.line, issue.column, issue.value) for issue in caught.value.issues
    ]
    assert sorted(found, key=str) == [
        ("bad-cell", "items.csv", 2, "unit_cost", "20;5"),
        ("bad-cell", "open_orders.csv", 2, "receipt", "2026-01-07T08:00:00"),
        ("missing-column", "inventory.csv", None, "onhand", ""),
        ("missing-file", "boms.csv", None, "", ""),
    ]


def test_what_could_not_go_back_is_refused(tmp_path: Path) -> None:
    """An operation of another name, and a calendar that two suppliers share, have no place in our tables."""
    renamed = CASE["operations"].replace("Make SA1 @ PLANT02", "Line 7")
    with pytest.raises(DataError, match="Line 7"):
        read_ems_case(write_case(tmp_path / "named", operations=renamed))
    shared = CASE["item_suppliers"].replace("0.0567,1,", "0.0567,1,SUPCAP C2")
    with pytest.raises(DataError, match="SUPCAP C2"):
        read_ems_case(write_case(tmp_path / "shared", item_suppliers=shared))


def test_the_horizon_needs_capacity(tmp_path: Path) -> None:
    """A case without a week of capacity has no end."""
    with pytest.raises(DataError, match="no week"):
        read_ems_case(write_case(tmp_path / "tiny", capacity="resource,start,end,quantity"))


ORDERS = [
    ("build", "FG1", "PLANT01", None, None, 20.0, date(2026, 1, 6), date(2026, 1, 8)),
    ("buy", "C2", "SUP1", "PLANT02", "C2-SUP1", 150.0, date(2026, 1, 5), date(2026, 1, 19)),
    ("ship", "FG1", "PLANT02", "HUB1", "any", 12.5, date(2026, 1, 7), date(2026, 1, 21)),
    ("deliver", "FG1", "HUB1", None, "D2", 12.5, date(2026, 1, 22), date(2026, 1, 22)),
]


def plan_of(folder: Path, orders: list[tuple[Any, ...]]) -> Plan:
    names = ("kind", "item", "site", "destination", "reference", "quantity", "start", "end")
    table = pl.DataFrame(
        [{"order": f"o{number}", **dict(zip(names, row, strict=True))} for number, row in enumerate(orders)],
        schema=SCHEMAS["orders"],
    )
    network = read_ems_case(write_case(folder))
    summary = Summary("tiny", "", "optimal", 0, 0, 0, 0, "", network.settings.start, "3w", "USD")
    return Plan(network, summary, {"orders": table})


def test_orders_go_out_in_the_verifier_s_words(tmp_path: Path) -> None:
    """Each kind of order has its type and its operation; days are midnights."""
    file = tmp_path / "rows.csv"
    write_ems_rows(plan_of(tmp_path / "tiny", ORDERS), file)
    with file.open(newline="") as opened:
        written = [tuple(row.values()) for row in csv.DictReader(opened)]
    day = "2026-01-{:02d}T00:00:00".format
    assert written == [
        ("MO", "Make FG1 @ PLANT01", "20.0", day(6), day(8), "proposed", ""),
        ("PO", "Purchase C2 @ PLANT02 from SUP1", "150.0", day(5), day(19), "proposed", ""),
        ("DO", "Ship FG1 from PLANT02 to HUB1", "12.5", day(7), day(21), "proposed", ""),
        ("DLVR", "Deliver FG1 @ HUB1", "12.5", day(22), day(22), "proposed", "D2"),
    ]


def test_a_plan_without_orders_has_nothing_to_write(tmp_path: Path) -> None:
    """An empty file would look like a plan that does nothing."""
    with pytest.raises(UsageError, match="no orders"):
        write_ems_rows(plan_of(tmp_path / "tiny", []), tmp_path / "rows.csv")


def test_formats_are_found_by_name() -> None:
    """Every format stands under its own name."""
    assert FORMATS["ems-case"].read is read_ems_case
    assert FORMATS["ems-case"].write is write_ems_rows
    assert all(name == one.name and one.meaning for name, one in FORMATS.items())
