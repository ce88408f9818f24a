"""A network that is as small as can be and still has every row of the family ``origin``.

One plant builds phones from boards that it builds itself, of one of two chips, and from screens that are bought abroad
or at home; some screens lie in stock.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.building import read_table

from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

TABLES = {
    "partners": "partner,kind\nbrand,brand\nems,ems\nseller,supplier\nlocal,supplier\n",
    "sites": """
site,partner,kind,country
noida,ems,plant,IN
osaka,seller,supplier,JP
pune,local,supplier,IN
delhi,brand,market,IN
""",
    "items": """
item,kind,family,hs,value,semiconductor
phone,finished,phone,85171300,1000,no
board,assembly,board,85177910,450,no
chip,component,chip,85423100,300,yes
chip-2,component,chip,85423100,310,yes
screen,component,screen,85177990,200,no
""",
    "boms": """
parent,component,quantity,scrap,alternate_group
phone,board,1,0,
phone,screen,1,0.01,
board,chip,1,0,chips
board,chip-2,2,0,chips
""",
    "operations": """
site,item,cost,invoice_price,lead_days,yield
noida,phone,50,1000,0,0.9
noida,board,40,,0,1
""",
    "sources": """
offer,item,supplier,price,freight,lead_days,imported_content,royalty,per_week
chip-jp,chip,osaka,300,5,0,0,0,70
chip-2-jp,chip-2,osaka,310,5,0,0,2,
screen-jp,screen,osaka,190,10,7,0,0,
screen-in,screen,pune,230,0,0,0.4,0,
""",
    "lanes": "origin,destination,item,mode,lead_days\nnoida,delhi,phone,road,0\n",
    "demand": "demand,item,market,due,quantity,price\nd1,phone,delhi,2024-01-14,90,1500\n",
    "stock": "item,site,quantity,origin\nscreen,noida,20,JP\n",
    "duties": "country,hs,from,rate\nIN,85177990,,0.1\n",
    "targets": """
target,metric,scope,depth,from,at_least,penalty
pli,va_pli,family=phone,,,0.45,2
gross,va_gross,item=phone,1,,0.5,
late,va_ppp,,,2024-01-08,0.4,1
""",
}


def origin_family(**tables: str) -> Network:
    """Return the network: two weeks from New Year's Day 2024; a table given as text replaces that table."""
    return made("2w", **tables)


def made(buckets: str, **tables: Any) -> Network:
    settings = Settings(start=date(2024, 1, 1), buckets=buckets, title="origin")
    texts = {**TABLES, **tables}
    return Network(settings, {name: read_table(name, text) for name, text in texts.items()}, name="origin-family")
