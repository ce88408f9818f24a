"""A network for export schemes, so small that every amount is worked out in the head.

A plant in India builds phones from one Japanese part each: 100 rupees, 10 % duty. Fifty phones go to Delhi and fifty to
Tokyo, in the second of two weeks; nothing else costs anything. Without a scheme the plan costs 10,000 for parts and
1,000 duty.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.building import read_table

from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

TABLES = {
    "partners": "partner,kind\nbrand,brand\nems,ems\nseller,supplier\n",
    "sites": """
site,partner,kind,country
noida,ems,plant,IN
chennai,ems,plant,IN
osaka,seller,supplier,JP
delhi,brand,market,IN
tokyo,brand,market,JP
""",
    "items": """
item,kind,hs,value
phone,finished,85171300,200
part,component,85177990,100
""",
    "boms": "parent,component,quantity\nphone,part,1\n",
    "operations": "site,item,cost,lead_days,yield\nnoida,phone,0,0,1\n",
    "sources": "offer,item,supplier,destination,price,lead_days\npart-jp,part,osaka,,100,0\n",
    "lanes": """
origin,destination,item,mode,lead_days,per_unit
noida,delhi,phone,road,0,0
noida,tokyo,phone,air,0,0
""",
    "demand": """
demand,item,market,due,quantity,price
home,phone,delhi,2024-01-14,50,1500
away,phone,tokyo,2024-01-14,50,1500
""",
    "duties": "country,hs,rate\nIN,85177990,0.1\n",
}

PARTS, DUTY = 10_000, 1_000


def exempt_network(scheme: str = "", option: str = "", **settings: Any) -> Network:
    """Return the network; with ``scheme``, open to the plant, where ``option`` is named only with that."""
    values = {"start": date(2024, 1, 1), "buckets": "2w", "holding_rate": Decimal(0), **settings}
    tables = dict(TABLES)
    if scheme:
        tables["schemes"] = f"site,scheme,option\nnoida,{scheme},{option}\n"
    if option:
        tables["options"] = f"option,capex,opex_per_week,ready_days\n{option},0,0,0\n"
    return Network(Settings(**values), {name: read_table(name, text) for name, text in tables.items()}, name="exempt")
