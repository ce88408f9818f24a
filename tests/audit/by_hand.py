"""A network and a plan of it, made by hand: every amount of the ledger is worked out in a comment.

Four weeks from Monday 5 June 2023. One plant in India builds a phone from a Chinese display and from one of two chips;
the phones go to Hamburg (a week by air) and to a shop in India (no time by road).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
from tests.building import read_table

from boxbuild.network.network import Network
from boxbuild.network.settings import Settings
from boxbuild.plan import schemas
from boxbuild.plan.plan import Plan, Summary

START = date(2023, 6, 5)

SETTINGS = Settings(
    start=START,
    buckets="4w",
    holding_rate=Decimal("0.365"),  # 0.007 of the value in a week
    discount_rate=Decimal("0.1"),
)

TABLES = {
    "partners": "partner,kind,country\nbrand,brand,IN\nems,ems,IN\ncsot,supplier,CN",
    "sites": """
site,partner,kind,country
plant,ems,plant,IN
annex,ems,plant,IN
wuhan,csot,supplier,CN
hamburg,brand,market,DE
shop,brand,market,IN
""",
    "items": """
item,kind,family,hs,value,currency,weight_kg
phone,finished,phone,85171300,1000,,0.5
display,component,part,85177990,10,USD,
chip-a,component,part,,5,,
chip-b,component,part,,5,,
""",
    "boms": """
parent,site,component,quantity,scrap,alternate_group,from,until
phone,,display,1,0.25,,,
phone,,chip-a,7,0,chip,,
phone,plant,chip-a,1,0,chip,,
phone,,chip-b,2,0,chip,,
phone,plant,display,9,0,,,2023-06-01
""",
    "operations": """
site,item,option,cost,lead_days,yield,lot_min,lot_multiple,from,until
plant,phone,,100,0,0.8,10,5,,2023-06-20
plant,phone,line2,90,7,1,10,5,,
annex,phone,,0,28,1,0,0,,
""",
    "resources": """
resource,site,per_week,overtime_per_week,overtime_cost,from,until,option
line,plant,70,14,20,,2023-06-28,
line,plant,35,7,20,,,line2
""",
    "uses": "site,item,resource,quantity\nplant,phone,line,1",
    "sources": """
offer,item,supplier,destination,price,currency,freight,markup,royalty,lead_days,lot_min,lot_multiple,per_week,terms,until,option
display-cn,display,wuhan,plant,10,USD,1,0.1,1,7,50,10,200,turnkey,2023-06-25,
display-any,display,wuhan,,10,USD,0,0.1,0,7,0,0,,consigned,,
display-new,display,wuhan,plant,10,USD,0,0,0,0,0,0,,consigned,,line2
display-old,display,wuhan,plant,10,USD,0,0,0,0,0,0,,consigned,,line3
""",
    "lanes": """
origin,destination,item,mode,lead_days,per_unit,per_kg,per_week,insurance,from,until
plant,hamburg,,air,7,10,20,100,0.01,,2023-06-15
plant,hamburg,,air,7,11,20,100,0.01,2023-06-16,2023-06-20
plant,shop,,road,0,5,0,,0,,
plant,shop,display,van,0,5,0,,0,,
""",
    "demand": """
demand,item,market,due,quantity,price,late_per_day,max_late_days,lost_cost,min_shipment
D1,phone,hamburg,2023-06-23,40,2000,5,7,,10
D2,phone,shop,2023-06-15,30,1500,,28,,0
D3,phone,shop,2023-07-30,99,1500,,28,,0
""",
    "stock": "item,site,quantity\ndisplay,plant,100\nchip-a,plant,60\nchip-b,plant,100",
    "receipts": """
reference,item,site,due,quantity,firm
R1,chip-a,plant,2023-06-06,10,yes
R2,chip-a,plant,2023-06-06,1000,no
R3,chip-b,plant,2023-07-03,1000,yes
""",
    "contracts": """
contract,partner,item,family,min,max,min_share,max_share,shortfall_cost
C1,ems,phone,,90,200,0.5,1,3
C2,csot,,part,,,,,
""",
    "tiers": """
contract,offer,from_quantity,price,currency,kind
C1,,0,100,INR,all_unit
C1,,50,95,INR,all_unit
C1,,500,90,INR,all_unit
,display-cn,60,9,USD,incremental
,display-cn,0,10,USD,incremental
""",
    "options": """
option,capex,currency,opex_per_week,earliest,ready_days,life_weeks,exclusive_group
line2,1000,USD,70,2023-06-10,7,10,lines
line3,0,USD,0,,0,,lines
""",
    "targets": """
target,metric,scope,at_least,penalty
T1,export_share,family=phone; partner=brand,0.9,2
T2,units_built,site=plant; market=hamburg,80,
""",
    "locks": "lock,kind,item,site,min\nL1,build,phone,plant,10",
    "rates": "currency,from,home_per_unit\nUSD,2023-06-06,80\nUSD,2023-06-12,82",
    "duties": """
country,hs,origin,from,rate
IN,8517,CN,,0.9
IN,85177990,,,0.2
IN,85177990,CN,2023-01-01,0.15
IN,85177990,CN,2023-06-30,0.5
IN,85171300,,,0.7
DE,8517,,,0.05
""",
}

# bucket 0, of 80 started: 100 displays (1.25 each), 60 chip-a (1 each), 40 chip-b (2 each) for the other 20;
# 64 are good.
# 40 fly to Hamburg and arrive in bucket 1: 25 are delivered in bucket 2, 10 a week late, 5 never: 5 stay there.
# 24 go to the shop in bucket 1 and are delivered at once; 6 never.
QUANTITIES: dict[str, str] = {
    "builds": "site,item,option,bucket,quantity,good\nplant,phone,,0,80,64",
    "alternates": """
site,parent,option,group,component,bucket,quantity
plant,phone,,chip,chip-a,0,60
plant,phone,,chip,chip-b,0,40
""",
    "buys": "offer,item,supplier,destination,bucket,quantity\ndisplay-cn,display,wuhan,plant,0,100",
    "shipments": """
origin,destination,mode,item,lane_item,bucket,quantity
plant,hamburg,air,phone,,0,40
plant,shop,road,phone,,1,24
""",
    "stock": """
item,site,bucket,quantity
phone,plant,0,24
chip-a,plant,0,10
chip-a,plant,1,10
chip-a,plant,2,10
chip-a,plant,3,10
chip-b,plant,0,60
chip-b,plant,1,60
chip-b,plant,2,60
chip-b,plant,3,60
display,plant,1,100
display,plant,2,100
display,plant,3,100
phone,hamburg,1,40
phone,hamburg,2,15
phone,hamburg,3,5
""",
    "deliveries": """
demand,item,market,bucket,quantity,late_days
D1,phone,hamburg,2,25,0
D1,phone,hamburg,3,10,7
D2,phone,shop,1,24,0
""",
    "shortages": "demand,item,market,quantity\nD1,phone,hamburg,5\nD2,phone,shop,6",
    # line2 is ready on 19 June: 70 + 35 in bucket 2; the first row ends on 28 June: 70 x 3 / 7 + 35 in bucket 3
    "capacity": """
resource,bucket,used,regular,overtime,overtime_limit
line,0,80,70,10,14
line,1,0,70,0,14
line,2,0,105,0,21
line,3,0,65,0,13
""",
    "contracts": "contract,quantity,total,shortfall\nC1,80,80,10\nC2,100,100,0",
    "tiers": """
contract,offer,from_quantity,quantity
C1,,50,80
,display-cn,0,60
,display-cn,60,40
""",
    # exports 35 of 59 delivered: 0.9 x 59 = 53.1, so 18.1 are short
    "targets": "target,numerator,denominator,short\nT1,35,59,18.1\nT2,80,1,0",
    # 64 phones at 1000; of 200 displays half lay there at 800 and half were bought at 880, 100 are taken: 84000; chips
    # 100 x 5: foreign 84500, since where the stock comes from is not known; half the royalty of 100 x 80 and half the
    # duty of 14760; conversion 8000
    "value_added": """
item,site,year,definition,depth,units,numerator,denominator,share
phone,plant,2023-24,va_pli,,64,-24500,64000,-0.3828125
phone,plant,2023-24,va_ppp,,64,-31880,64000,-0.498125
phone,plant,2023-24,va_gross,1,64,0,84500,0
phone,plant,2023-24,va_non_semiconductor,,64,0,84500,0
phone,plant,2023-24,rvc_build_down,,64,-20500,64000,-0.3203125
phone,plant,2023-24,rvc_build_up,,64,0,64000,0
phone,plant,2023-24,rvc_net_cost,,64,8000,92500,0.086486486
""",
    "options": "option,bucket,ready\nline2,1,2023-06-19",
    "orders": """
order,kind,item,site,destination,reference,lane_item,quantity,start,end
B1,build,phone,plant,,,,80,2023-06-05,2023-06-05
P1,buy,display,wuhan,plant,display-cn,,100,2023-06-05,2023-06-12
S1,ship,phone,plant,hamburg,air,,40,2023-06-05,2023-06-12
S2,ship,phone,plant,shop,road,,24,2023-06-13,2023-06-13
X1,deliver,phone,hamburg,,D1,,25,2023-06-21,2023-06-21
X2,deliver,phone,hamburg,,D1,,10,2023-06-28,2023-06-28
X3,deliver,phone,shop,,D2,,24,2023-06-14,2023-06-14
""",
    "order_alternates": "order,group,component,quantity\nB1,chip,chip-a,60\nB1,chip,chip-b,40",
}

LEDGER: list[tuple[str, int, str, str]] = [
    ("material", 0, "display-cn|plant", "80000"),  # 100 x 10 USD x 80
    ("markup", 0, "display-cn|plant", "8000"),  # a tenth of it
    ("freight", 0, "display-cn|plant", "8000"),  # 100 x 1 USD x 80
    # arrives in bucket 1, from China by the longest prefix: 0.15 x (10 + 1 + 1) USD x 82 x 100
    ("duty", 1, "display-cn|plant", "14760"),
    ("conversion", 0, "plant|phone|", "8000"),  # 80 x 100
    ("overtime", 0, "line", "200"),  # 10 x 20
    ("freight", 0, "plant|hamburg|air||phone", "800"),  # (10 + 20 x 0.5 kg) x 40
    ("insurance", 0, "plant|hamburg|air||phone", "400"),  # 0.01 x 1000 x 40
    ("duty", 1, "plant|hamburg|air||phone", "2060"),  # 0.05 x (1000 + 20 + 10) x 40
    ("freight", 1, "plant|shop|road||phone", "120"),  # 5 x 24
    ("holding", 0, "phone|plant", "168"),  # 24 x 1000 x 0.007
    *(("holding", bucket, "chip-a|plant", "0.35") for bucket in range(4)),  # 10 x 5 x 0.007
    *(("holding", bucket, "chip-b|plant", "2.10") for bucket in range(4)),  # 60 x 5 x 0.007
    *(("holding", bucket, "display|plant", "574") for bucket in (1, 2, 3)),  # 100 x 10 USD x 82 x 0.007
    ("holding", 1, "phone|hamburg", "280"),  # 40 x 1000 x 0.007
    ("holding", 2, "phone|hamburg", "105"),  # 15
    ("holding", 3, "phone|hamburg", "35"),  # 5
    ("late", 3, "D1", "350"),  # 10 x 7 days x 5
    ("lost", 2, "D1", "10000"),  # 5 x the price 2000
    ("lost", 1, "D2", "9000"),  # 6 x the price 1500
    ("shortfall", 3, "C1", "30"),  # 10 x 3
    ("tier", 3, "C1||50", "-400"),  # 80 x (95 - 100)
    ("tier", 2, "|display-cn|60", "-3280"),  # 40 x (9 - 10) USD x 82, when the offer ends
    ("capex", 1, "line2", "82000"),  # 1000 USD x 82
    ("opex", 2, "line2", "5740"),  # ready on the first day of bucket 2: 70 USD x 82
    ("opex", 3, "line2", "5740"),
    ("residual", 3, "line2", "-65600"),  # used for 2 of its 10 weeks: 0.8 of 82000 is left
    ("target", 3, "T1", "36.20"),  # 18.1 x 2
]


def hand_network(**tables: str) -> Network:
    """Return the network; a table given as CSV text replaces that table."""
    texts = {**TABLES, **tables}
    return Network(SETTINGS, {name: read_table(name, text) for name, text in texts.items()}, name="by hand")


def hand_plan(network: Network | None = None) -> Plan:
    """Return the plan, with its ledger, its orders and its cost."""
    tables = {name: plan_table(name, text) for name, text in QUANTITIES.items()}
    tables["ledger"] = ledger(LEDGER)
    cost = sum(float(amount) * factor(bucket) for _, bucket, _, amount in LEDGER)
    summary = Summary(
        network="by hand",
        scenario="",
        status="optimal",
        cost=cost,
        bound=cost * 0.9999,
        gap=0.0001,
        tolerance=0.001,
        method="by hand",
        start=START,
        buckets="4w",
        home_currency="INR",
        release_cost=cost,  # the orders are the plan, day by day
    )
    return Plan(network or hand_network(), summary, tables)


def factor(bucket: int) -> float:
    """Return what money of a bucket is worth on the first day."""
    return float(1.1 ** (-7 * bucket / 365))


def plan_table(name: str, text: str) -> pl.DataFrame:
    """Return a table of a plan from CSV text; the column ``start`` follows from the bucket."""
    schema = schemas.SCHEMAS[name]
    rows = [line.split(",") for line in text.strip().splitlines()]
    frame = pl.DataFrame(
        [dict(zip(rows[0], (cell or None for cell in row), strict=True)) for row in rows[1:]],
        schema=dict.fromkeys(rows[0], pl.String),
    )
    frame = frame.with_columns(
        pl.col(column).str.to_date() if schema[column] == pl.Date else pl.col(column).cast(schema[column])
        for column in frame.columns
    )
    if "start" in schema and "start" not in frame.columns:
        frame = frame.with_columns(pl.lit(START).dt.offset_by(pl.format("{}w", "bucket")).alias("start"))
    return frame


def ledger(lines: Iterable[tuple[str, int, str, str]]) -> pl.DataFrame:
    """Return a ledger from account, bucket, key and amount."""
    rows = [
        {
            "account": account,
            "bucket": bucket,
            "key": key,
            "item": "",
            "site": "",
            "partner": "",
            "quantity": 0.0,
            "amount": Decimal(amount),
            "present": cents(Decimal(amount) * Decimal(factor(bucket))),
        }
        for account, bucket, key, amount in lines
    ]
    return pl.DataFrame(rows, schema=schemas.SCHEMAS["ledger"])


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded half up to the hundredth."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def with_table(plan: Plan, name: str, frame: pl.DataFrame) -> Plan:
    """Return a plan in which one table is another."""
    return replace(plan, tables={**plan.tables, name: frame})


def edited(plan: Plan, table: str, where: Mapping[str, Any], **values: Any) -> Plan:
    """Return a plan in which the rows that equal ``where`` have other values."""
    frame = plan[table]
    chosen = _equal(where)
    assert frame.filter(chosen).height, f"no row of {table} has {dict(where)}"
    new = [
        pl.when(chosen).then(pl.lit(value, dtype=frame.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    ]
    return with_table(plan, table, frame.with_columns(new))


def without(plan: Plan, table: str, **where: Any) -> Plan:
    """Return a plan without the rows that equal ``where``."""
    frame = plan[table]
    chosen = _equal(where)
    assert frame.filter(chosen).height, f"no row of {table} has {dict(where)}"
    return with_table(plan, table, frame.filter(~chosen))


def added(plan: Plan, table: str, text: str) -> Plan:
    """Return a plan with more rows, given as CSV text."""
    more = schemas.conform(table, plan_table(table, text))
    return with_table(plan, table, pl.concat([plan[table], more]))


def headed(plan: Plan, **values: Any) -> Plan:
    """Return a plan whose summary says something else."""
    return replace(plan, summary=replace(plan.summary, **values))


def day(text: str) -> date:
    """Return 5 June 2023 and later days as ``+7``."""
    return START + timedelta(days=int(text))


def _equal(where: Mapping[str, Any]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).eq_missing(pl.lit(value)) for name, value in where.items())
