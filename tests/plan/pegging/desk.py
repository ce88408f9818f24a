"""A shop floor to peg: a network of a few sites, and plans made of orders as they were carried out, without a solver.

Raw and spare parts become modules at north and devices at south or north; sites send anything to each other.
"""

from __future__ import annotations

import io
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl
from tests.building import read_table

from boxbuild.network.network import Network
from boxbuild.network.settings import Settings
from boxbuild.plan.plan import Plan, Summary
from boxbuild.plan.schemas import SCHEMAS

START = date(2024, 1, 1)
DAYS = 14

TABLES = {
    "partners": "partner,kind,country\nbrand,brand,IN\nems,ems,IN\nmaker,supplier,CN\n",
    "sites": """
site,partner,kind,country
north,ems,plant,IN
south,ems,plant,IN
hub,brand,hub,IN
shop,brand,market,IN
yard,maker,supplier,CN
""",
    "items": """
item,kind,value
raw,component,1
spare,component,1
module,assembly,5
device,finished,20
""",
    "boms": """
parent,site,component,quantity,scrap,alternate_group,from,until
module,,raw,2,0.05,,,2024-01-07
module,,raw,3,0,,2024-01-08,
device,,module,1,0,,,
device,,raw,1,0,case,,
device,,spare,1.5,0,case,,
device,,spare,1,0,,,
device,north,spare,0,0,,,
""",
    "operations": """
site,item,cost,lead_days,yield,from,until
north,module,1,1,0.8,,2024-01-05
north,module,1,1,0.9,2024-01-06,
south,device,1,0,0.95,,
north,device,1,2,1,,
""",
    "resources": "resource,site,per_week,unit\nline,north,1000,hour\n",
    "uses": "site,item,resource,quantity\nnorth,module,line,0.5\nnorth,device,line,2\n",
    "sources": """
offer,item,supplier,price,lead_days
raw-yard,raw,yard,1,2
spare-yard,spare,yard,1,0
""",
    "lanes": """
origin,destination,mode,lead_days,per_unit
north,south,road,0,1
south,north,road,0,1
south,hub,road,0,1
hub,south,road,1,1
north,hub,road,1,1
hub,north,road,0,1
hub,shop,road,1,1
south,shop,road,0,1
""",
    "demand": """
demand,item,market,due,quantity
d1,device,shop,2024-01-06,300
d2,device,shop,2024-01-09,300
d3,device,shop,2024-01-12,300
p1,raw,hub,2024-01-07,200
""",
    "stock": """
item,site,quantity,origin,age_days
raw,north,400,CN,3
raw,north,300,IN,9
spare,south,500,CN,
spare,hub,100,CN,
""",
    "receipts": """
reference,item,site,due,quantity,firm
PO-1,raw,south,2024-01-03,200,yes
PO-2,spare,north,2023-12-20,150,yes
PO-3,raw,north,2024-01-04,99,no
PO-4,raw,north,2024-02-04,99,yes
""",
}

LEADS = {
    ("north", "south"): 0,
    ("south", "north"): 0,
    ("south", "hub"): 0,
    ("hub", "south"): 1,
    ("north", "hub"): 1,
    ("hub", "north"): 0,
    ("hub", "shop"): 1,
    ("south", "shop"): 0,
}
OFFERS = {"raw": ("raw-yard", 2), "spare": ("spare-yard", 0)}
BUILT = {("north", "module"): 1, ("south", "device"): 0, ("north", "device"): 2}


def network(**tables: str) -> Network:
    frames = {name: read_table(name, text) for name, text in {**TABLES, **tables}.items()}
    return Network(Settings(start=START, title="desk", buckets="2w"), frames, name="desk")


def yields(site: str, item: str, day: int) -> float:
    return {"module": 0.8 if day < 5 else 0.9, "device": 0.95 if site == "south" else 1.0}[item]


def recipe(site: str, item: str, day: int) -> tuple[dict[str, float], dict[str, float]]:
    """What one unit started takes, and the members of its group of alternates, as the table ``boms`` reads."""
    if item == "module":
        return {"raw": 2.1 if day < 7 else 3.0}, {}
    if site == "north":  # the row of north says that it takes no spare parts, of either kind
        return {"module": 1.0}, {"raw": 1.0}
    return {"module": 1.0, "spare": 1.0}, {"raw": 1.0, "spare": 1.5}


def plan_of(orders: pl.DataFrame, alternates: pl.DataFrame | None = None, what: Network | None = None) -> Plan:
    made = what or network()
    summary = Summary("desk", "", "optimal", 0.0, 0.0, 0.0, 0.0, "none", START, "2w", "INR", release_cost=0.0)
    tables = {"orders": orders}
    if alternates is not None:
        tables["order_alternates"] = alternates
    return Plan(made, summary, tables)


def orders_from(text: str) -> pl.DataFrame:
    """Return orders from CSV text; start and end are days of January."""
    frame = pl.read_csv(io.StringIO(text.strip() + "\n"), infer_schema=False)
    day = {
        name: pl.lit(date(2023, 12, 31)) + pl.duration(days=pl.col(name).cast(pl.Int64)) for name in ("start", "end")
    }
    return frame.with_columns(pl.lit(None, pl.String).alias("lane_item"), **day).select(
        pl.col(name).cast(kind) for name, kind in SCHEMAS["orders"].items()
    )


def carried_out(seed: int, actions: int = 60) -> Plan:
    """Return a plan of orders that were carried out one after the other, so that nothing was ever taken too early.

    Many leave and arrive on one day, and go back and forth; their rows are in no order.
    """
    chance = random.Random(seed)  # noqa: S311
    stock: dict[tuple[str, str], float] = defaultdict(float)
    coming: dict[int, list[tuple[str, str, float]]] = defaultdict(list)
    for item, site, quantity in (("raw", "north", 700.0), ("spare", "south", 500.0), ("spare", "hub", 100.0)):
        stock[item, site] = quantity
    coming[2].append(("raw", "south", 200.0))
    coming[0].append(("spare", "north", 150.0))
    wanted = {"d1": 300.0, "d2": 300.0, "d3": 300.0}
    rows: list[tuple[object, ...]] = []
    taken: list[tuple[int, str, str, float]] = []
    for day in range(DAYS):
        for item, site, quantity in coming.pop(day, []):
            stock[item, site] += quantity
        for _ in range(actions // DAYS):
            _act(chance, day, stock, coming, wanted, rows, taken)
    numbers = list(range(len(rows)))
    chance.shuffle(numbers)
    names = {number: f"o{place:03d}" for place, number in enumerate(numbers)}
    columns = ("kind", "item", "site", "destination", "reference", "quantity", "start", "end")
    filled = [
        {"order": names[number], "lane_item": None, **dict(zip(columns, rows[number], strict=True))}
        for number in numbers
    ]
    alternates = [
        {"order": names[number], "group": "case", "component": component, "quantity": quantity}
        for number, _, component, quantity in taken
    ]
    return plan_of(
        pl.DataFrame(filled, schema=SCHEMAS["orders"]), pl.DataFrame(alternates, schema=SCHEMAS["order_alternates"])
    )


def _act(chance, day, stock, coming, wanted, rows, taken) -> None:  # type: ignore[no-untyped-def]  # noqa: C901
    def arrive(item: str, site: str, lead: int, quantity: float) -> None:
        if lead == 0:
            stock[item, site] += quantity
        else:
            coming[day + lead].append((item, site, quantity))

    def add(kind: str, item: str, site: str, to: str | None, reference: str | None, much: float, lead: int) -> None:
        dates = (START + timedelta(days=day), START + timedelta(days=day + lead))
        rows.append((kind, item, site, to, reference, much, *dates))

    kind = chance.choice(["buy", "ship", "ship", "build", "build", "deliver"])
    if kind == "buy":
        item = chance.choice(list(OFFERS))
        offer, lead = OFFERS[item]
        if day + lead < DAYS:
            site, much = chance.choice(["north", "south"]), float(chance.randint(1, 90))
            add("buy", item, "yard", site, offer, much, lead)
            arrive(item, site, lead, much)
    elif kind == "ship":
        there = [
            (item, site, lane) for (item, site), much in stock.items() if much > 1 for lane in LEADS if lane[0] == site
        ]
        there = [one for one in there if day + LEADS[one[2]] < DAYS and (one[2][1] != "shop" or one[0] == "device")]
        if there:
            item, site, (_, to) = chance.choice(there)
            much = stock[item, site] if chance.random() < 0.4 else round(stock[item, site] * chance.random(), 3)
            if much > 0:
                stock[item, site] -= much
                add("ship", item, site, to, "road", much, LEADS[site, to])
                arrive(item, to, LEADS[site, to], much)
    elif kind == "build":
        site, item = chance.choice(list(BUILT))
        lines, group = recipe(site, item, day)
        most = min(stock[component, site] / each for component, each in lines.items())
        member = chance.choice(list(group)) if group else None
        if member is not None:
            each = group[member] + lines.get(member, 0.0)
            most = min(most, stock[member, site] / each)
        much = float(int(most * chance.random()))
        if much > 0 and day + BUILT[site, item] < DAYS:
            for component, each in lines.items():
                stock[component, site] -= much * each
            if member is not None:
                stock[member, site] -= much * group[member]
                taken.append((len(rows), site, member, much * group[member]))
            add("build", item, site, None, None, much, BUILT[site, item])
            arrive(item, site, BUILT[site, item], much * yields(site, item, day))
    else:
        demand = chance.choice(list(wanted))
        much = min(wanted[demand], stock["device", "shop"])
        much = much if chance.random() < 0.5 else round(much * chance.random(), 2)
        if much > 0:
            wanted[demand] -= much
            stock["device", "shop"] -= much
            add("deliver", "device", "shop", None, demand, much, 0)


def need(plan: Plan) -> dict[tuple[str, str, str], float]:
    """Return what each order takes by item and site, as a clerk counts it."""
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    site_of = {}
    for order, kind, item, site, quantity, start in (
        plan["orders"].select("order", "kind", "item", "site", "quantity", "start").iter_rows()
    ):
        site_of[order] = site
        if kind == "build":
            for component, each in recipe(site, item, (start - START).days)[0].items():
                found[order, component, site] += quantity * each
        elif kind in ("ship", "deliver"):
            found[order, item, site] += quantity
    for order, component, quantity in plan["order_alternates"].select("order", "component", "quantity").iter_rows():
        found[order, component, site_of[order]] += quantity
    return dict(found)


def places(plan: Plan) -> Iterable[tuple[str, str]]:
    """Return every item at every site."""
    for item in plan.network["items"]["item"]:
        for site in plan.network["sites"]["site"]:
            yield item, site
