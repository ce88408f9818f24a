"""A network that is as small as can be and still has a row in every family of constraints."""

from __future__ import annotations

from datetime import date

from tests.building import read_table

from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

TABLES = {
    "partners": "partner,kind\nbrand,brand\nems,ems\nrival,ems\nseller,supplier\n",
    "sites": """
site,partner,kind,country
noida,ems,plant,IN
bawal,rival,plant,IN
osaka,seller,supplier,JP
delhi,brand,market,IN
""",
    "items": """
item,kind,family,value,weight_kg
phone,finished,phone,1000,0.5
cell,component,cell,100,0.1
pack,component,cell,120,0.1
""",
    "boms": """
parent,component,quantity,scrap,alternate_group
phone,cell,2,0.01,power
phone,pack,1,0,power
""",
    "operations": """
site,item,option,cost,lead_days,yield
noida,phone,,50,3,0.9
bawal,phone,new-line,40,0,1
""",
    "resources": """
resource,site,per_week,overtime_per_week,overtime_cost,option
line,noida,70,14,5,
line,noida,35,7,5,new-line
""",
    "uses": "site,item,resource,quantity\nnoida,phone,line,0.5\nbawal,phone,line,0.5\n",
    "sources": """
offer,item,supplier,destination,price,lead_days,per_week
cell-jp,cell,osaka,osaka,100,0,700
pack-jp,pack,osaka,,120,4,
""",
    "lanes": """
origin,destination,item,mode,lead_days,per_unit,per_week
osaka,noida,cell,air,2,1,350
noida,delhi,,road,1,2,
bawal,delhi,phone,road,1,2,
""",
    "demand": """
demand,item,market,due,quantity,price,max_late_days
d1,phone,delhi,2024-01-07,60,1500,7
d2,phone,delhi,2024-01-10,90,1500,7
""",
    "stock": "item,site,quantity\nphone,delhi,20\n",
    "contracts": """
contract,partner,family,min,max,min_share,max_share,shortfall_cost
ours,ems,phone,40,500,0.25,0.9,30
""",
    "tiers": """
contract,offer,from_quantity,price,kind
ours,,0,50,all_unit
ours,,80,45,all_unit
,pack-jp,0,120,incremental
,pack-jp,30,110,incremental
""",
    "options": "option,capex,opex_per_week,ready_days,life_weeks,exclusive_group\nnew-line,900,70,4,52,lines\n",
    "targets": """
target,metric,scope,at_least,penalty
local,local_purchase_share,,0.2,3
built,units_built,item=phone; site=noida,30,7
""",
}


def every_family() -> Network:
    """Return the network: a week, three days and a week from New Year's Day 2024."""
    settings = Settings(start=date(2024, 1, 1), buckets="1w+3d+1w", title="every family")
    return Network(settings, {name: read_table(name, text) for name, text in TABLES.items()}, name="every-family")
