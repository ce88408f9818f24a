"""A network that is as small as can be and has a row in the families of constraints that the law book brings.

A million phones: the book's thresholds are in crores, tens of millions of rupees.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.building import read_table

from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

TABLES = {
    "partners": "partner,kind\nbrand,brand\nhome,ems\nworld,ems\nseller,supplier\n",
    "sites": """
site,partner,kind,country
noida,home,plant,IN
chennai,world,plant,IN
pune,seller,supplier,IN
delhi,brand,market,IN
""",
    "items": """
item,kind,family,hs,value
phone,finished,phone,85171300,12000
cell,component,cell,85076000,500
""",
    "boms": "parent,component,quantity\nphone,cell,1\n",
    "operations": """
site,item,option,cost,lead_days,yield,invoice_price,currency
noida,phone,,100,0,0.9,12000,
noida,phone,line,1,0,1,200,USD
chennai,phone,,100,0,1,14000,
""",
    "sources": "offer,item,supplier,price,lead_days\ncell-in,cell,pune,500,0\n",
    "lanes": "origin,destination,item,mode,lead_days\nnoida,delhi,,road,0\nchennai,delhi,,road,0\n",
    "demand": """
demand,item,market,due,quantity,price
d1,phone,delhi,2024-03-20,600000,15000
d2,phone,delhi,2024-04-10,500000,15000
""",
    "contracts": """
contract,partner,item,max_share,incentive_share
ours,home,phone,1,0.5
theirs,world,phone,1,0.6
""",
    "options": """
option,capex,currency,opex_per_week,ready_days,partner,subsidy,eligible,subsidy_days
line,60000000,,0,0,home,in.specs,0.9,21
""",
    "applications": """
partner,scheme,segment,year,year_index,base_sales,other_sales,invested,cap,lag_days
home,in.pli.lsem,domestic,2023-24,3,2000000000,19000000000,1450000000,9000000000,10
home,in.pli.lsem,domestic,2024-25,1,3000000000,2000000000,500000000,,400
world,in.pli.lsem,global,2023-24,3,0,150000000000,7500000000,,0
""",
    "rates": "currency,from,home_per_unit\nUSD,,80\n",
}


def law_family() -> Network:
    """Return the network: four weeks, of which the third begins in another financial year."""
    settings = Settings(
        start=date(2024, 3, 18), buckets="4w", law="book", discount_rate=Decimal("0.1"), title="law family"
    )
    return Network(settings, {name: read_table(name, text) for name, text in TABLES.items()}, name="law-family")
