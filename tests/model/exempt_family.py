"""A network that is as small as can be and has a row in every family of the exempt layer.

Noida works under Advance Authorisation from the start, and builds boards from imported chips. Chennai builds the
phone from boards and imported displays; the bonded scheme is open to it once it takes the option, Advance
Authorisation anyway. One cell of a group of alternates is imported, too. Surat is a zone and builds the phone as well.
"""

from __future__ import annotations

from datetime import date

from tests.building import read_table

from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

TABLES = {
    "partners": "partner,kind\nbrand,brand\nems,ems\nseller,supplier\n",
    "sites": """
site,partner,kind,country,regime
noida,ems,plant,IN,aa
chennai,ems,plant,IN,dta
surat,ems,plant,IN,sez
osaka,seller,supplier,JP,dta
delhi,brand,market,IN,dta
tokyo,brand,market,JP,dta
""",
    "schemes": """
site,scheme,option
chennai,aa,
chennai,bonded,warehouse
""",
    "items": """
item,kind,hs,value
phone,finished,8517,1000
board,assembly,8517,400
chip,component,8542,200
cell,component,8507,50
pack,component,8507,60
""",
    "boms": """
parent,component,quantity,scrap,alternate_group
board,chip,2,0.1,
phone,board,1,0,
phone,cell,1,0,power
phone,pack,1,0,power
""",
    "operations": """
site,item,cost,lead_days,yield
noida,board,5,0,1
chennai,phone,10,3,0.9
surat,phone,12,0,1
""",
    "sources": """
offer,item,supplier,destination,price,freight,lead_days,per_week
chip-jp,chip,osaka,osaka,200,0,0,
cell-jp,cell,osaka,chennai,50,1,0,70
cell-zone,cell,osaka,surat,50,1,0,
pack-jp,pack,osaka,chennai,60,0,0,
board-jp,board,osaka,surat,400,0,0,
""",
    "lanes": """
origin,destination,item,mode,lead_days,per_unit,insurance
osaka,noida,chip,air,3,2,0.01
noida,chennai,board,road,0,1,0
chennai,delhi,phone,road,0,1,0
chennai,tokyo,phone,air,0,5,0
surat,tokyo,phone,air,0,5,0
""",
    "demand": """
demand,item,market,due,quantity,price
home,phone,delhi,2024-01-14,60,1500
away,phone,tokyo,2024-01-14,90,1500
""",
    "stock": "item,site,quantity\nphone,chennai,4\n",
    "duties": "country,hs,rate\nIN,8542,0.1\nIN,8507,0.2\n",
    "options": "option,capex,opex_per_week,ready_days\nwarehouse,900,70,4\n",
}


def exempt_family() -> Network:
    """Return the network: two weeks from New Year's Day 2024."""
    settings = Settings(start=date(2024, 1, 1), buckets="2w", title="exempt family")
    return Network(settings, {name: read_table(name, text) for name, text in TABLES.items()}, name="exempt-family")
