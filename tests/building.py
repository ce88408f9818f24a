"""The small network that tests start from, and short ways to make another one from it.

One brand sells two phones in Germany and in India over eight weeks. One EMS builds them in two plants from a
board that only the first plant builds. A Chinese supplier sells displays and chips, an Indian one batteries.
`check` finds nothing to say about it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

START = date(2023, 6, 5)
"""A Monday."""

SMALL = {
    "partners": """
partner,kind,country
brand,brand,IN
ems,ems,IN
csot,supplier,CN
exide,supplier,IN
""",
    "sites": """
site,partner,kind,country
noida,ems,plant,IN
chennai,ems,plant,IN
wuhan,csot,supplier,CN
pune,exide,supplier,IN
mumbai,brand,hub,IN
hamburg,brand,market,DE
india,brand,market,IN
""",
    "items": """
item,kind,family,hs,value,currency,weight_kg
phone-a,finished,phone,85171300,9000,INR,0.4
phone-b,finished,phone,85171300,14000,INR,0.5
board,assembly,board,85177910,4000,INR,0.1
display,component,display,85177990,18,USD,0.05
chip,component,chip,85423100,25,USD,0.01
battery,component,battery,85076000,500,INR,0.08
""",
    "boms": """
parent,site,component,quantity,scrap
phone-a,,board,1,0
phone-a,,display,1,0.01
phone-a,,battery,1,0
phone-b,,board,1,0
phone-b,,display,1,0.01
phone-b,,battery,2,0
board,,chip,2,0.005
""",
    "operations": """
site,item,cost,currency,invoice_price,lead_days,yield,lot_min,lot_multiple
noida,phone-a,300,INR,9500,2,0.98,10,10
noida,phone-b,340,INR,14500,2,0.98,10,10
noida,board,120,INR,,1,0.99,0,0
chennai,phone-a,280,INR,9500,2,0.97,10,10
chennai,phone-b,330,INR,14500,2,0.97,10,10
""",
    "resources": """
resource,site,per_week,overtime_per_week,overtime_cost,currency
noida-final,noida,100,10,200,INR
noida-smt,noida,60,0,,INR
chennai-final,chennai,80,10,180,INR
""",
    "uses": """
site,item,resource,quantity
noida,phone-a,noida-final,0.05
noida,phone-b,noida-final,0.06
noida,board,noida-smt,0.02
chennai,phone-a,chennai-final,0.05
chennai,phone-b,chennai-final,0.06
""",
    "sources": """
offer,item,supplier,destination,price,currency,freight,markup,lead_days,lot_min,lot_multiple,per_week,terms,origin
display-cn,display,wuhan,,18,USD,0.2,0.02,14,100,50,5000,turnkey,CN
chip-cn,chip,wuhan,wuhan,25,USD,0,0,7,0,0,8000,consigned,CN
battery-in,battery,pune,,500,INR,5,0.01,3,0,0,,turnkey,IN
""",
    "lanes": """
origin,destination,item,mode,lead_days,per_unit,per_kg,currency,per_week,insurance
wuhan,noida,chip,air,5,0.02,4,USD,,0.002
noida,chennai,board,road,3,2,1,INR,,0
noida,mumbai,,road,2,10,5,INR,,0.001
chennai,mumbai,,road,2,8,5,INR,,0.001
mumbai,hamburg,,air,4,0.5,3,USD,3000,0.002
mumbai,india,,road,1,4,2,INR,,0
""",
    "demand": """
demand,item,market,due,quantity,price,currency
DE-a-1,phone-a,hamburg,2023-07-09,800,130,USD
DE-a-2,phone-a,hamburg,2023-07-23,900,130,USD
DE-b-1,phone-b,hamburg,2023-07-16,500,200,USD
IN-a-1,phone-a,india,2023-07-02,600,11000,INR
IN-a-2,phone-a,india,2023-07-30,700,11000,INR
IN-b-1,phone-b,india,2023-07-16,400,16000,INR
""",
    "stock": """
item,site,quantity,origin
display,noida,500,CN
chip,noida,1000,CN
phone-a,mumbai,200,IN
""",
    "receipts": """
reference,item,site,due,quantity,origin,firm
PO-1,display,chennai,2023-06-14,300,CN,yes
""",
    "rates": """
currency,from,home_per_unit
USD,,82.5
""",
    "duties": """
country,hs,origin,from,rate
IN,85177990,,,0.11
IN,8542,,,0
DE,85171300,,,0.02
""",
}


def small_network(**tables: str) -> Network:
    """Return the small network; a table given as CSV text replaces that table."""
    texts = {**SMALL, **tables}
    return Network(
        Settings(start=START, title="small", buckets="8w"),
        {name: read_table(name, text) for name, text in texts.items()},
        name="small",
    )


def read_table(name: str, text: str) -> pl.DataFrame:
    """Return a table of the catalogue from CSV text; a blank is a null."""
    frame = pl.read_csv(io.StringIO(text.strip() + "\n"), infer_schema=False)
    return frame.select(_typed(catalogue.table(name).column(column)) for column in frame.columns)


def add_rows(network: Network, table: str, *rows: Mapping[str, Any]) -> Network:
    """Return a network with more rows; values may be written as text."""
    return network.with_table(table, pl.concat([network.tables[table], _frame(table, rows)]))


def with_rows(network: Network, table: str, *rows: Mapping[str, Any]) -> Network:
    """Return a network in which a table has these rows only."""
    return network.with_table(table, _frame(table, rows))


def edit_rows(network: Network, table: str, where: Mapping[str, Any], **values: Any) -> Network:
    """Return a network in which the rows that equal ``where`` have other values (``None`` blanks)."""
    frame = network.tables[table]
    new = _frame(table, [{_column(name): value for name, value in values.items()}])
    chosen = _equal(where)
    assert frame.filter(chosen).height, f"no row of {table} has {dict(where)}"
    edited = []
    for column in map(_column, values):
        value = pl.lit(new[column][0], dtype=new[column].dtype)
        edited.append(pl.when(chosen).then(value).otherwise(pl.col(column)).alias(column))
    return network.with_table(table, frame.with_columns(edited))


def drop_rows(network: Network, table: str, **where: Any) -> Network:
    """Return a network without the rows that equal ``where``."""
    return network.with_table(table, network.tables[table].filter(~_equal(where)))


def with_settings(network: Network, **values: Any) -> Network:
    """Return a network with other settings."""
    return replace(network, settings=replace(network.settings, **values))


def _equal(where: Mapping[str, Any]) -> pl.Expr:
    return pl.all_horizontal(pl.col(_column(name)).eq_missing(pl.lit(value)) for name, value in where.items())


def _frame(table: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    shape = catalogue.table(table)
    texts = [{_column(name): _text(value) for name, value in row.items()} for row in rows]
    unknown = {name for row in texts for name in row} - set(shape.names)
    assert not unknown, f"{table} has no column {unknown}"
    frame = pl.DataFrame(texts, schema=dict.fromkeys(shape.names, pl.String))
    return frame.select(_typed(column) for column in shape.columns)


def _column(name: str) -> str:
    """Turn ``from_`` and ``yield_`` into the columns that Python has no keyword argument for."""
    return name.removesuffix("_")


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _typed(column: catalogue.Column) -> pl.Expr:
    cell = pl.col(column.name)
    if column.type == "yes_no":
        return cell == "yes"
    if column.type == "date":
        return cell.str.to_date("%Y-%m-%d")
    return cell.cast(column.dtype)
