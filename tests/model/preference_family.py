"""A network that is as small as can be and has every row of the family ``preferences``.

One plant in India builds phones of a board, that it builds itself of a chip, and of a screen that is bought in Japan or
at home; they are sold in the Emirates, which take 10 % duty, or nothing under an agreement.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.building import read_table

from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

LAW = """
ae.bcd.test_phone:
  title: Duty on phones, synthetic
  levy: bcd
  unit: percent
  goods: {hs: ["85171300"]}
  values:
    2023-01-01: {value: 10, published: 2023-01-01, instrument: test, reference: test}
ae.bcd.test_phone.preferred:
  title: Duty on phones under the test agreement, synthetic
  levy: bcd
  unit: percent
  goods: {hs: ["85171300"], agreement: test_fta}
  values:
    2023-01-01: {value: 0, published: 2023-01-01, instrument: test, reference: test}
"""
"""A law file of a network: the general rate, and that of an agreement."""

RULES = {"rvc": ("percent", 60), "tariff_shift": ("digits", 4), "de_minimis": ("percent", 5)}

TABLES = {
    "partners": "partner,kind\nbrand,brand\nems,ems\nseller,supplier\nlocal,supplier\nthere,supplier\n",
    "sites": """
site,partner,kind,country
noida,ems,plant,IN
osaka,seller,supplier,JP
pune,local,supplier,IN
sharjah,there,supplier,AE
dubai,brand,market,AE
""",
    "items": """
item,kind,family,hs,value
phone,finished,phone,85171300,100
board,assembly,board,85177910,40
chip,component,chip,85423100,8
screen,component,screen,85249100,50
shell,component,shell,85177990,4
""",
    "boms": """
parent,component,quantity
phone,board,1
phone,screen,1
phone,shell,1
board,chip,1
""",
    "operations": "site,item,cost,lead_days,yield\nnoida,phone,10,0,1\nnoida,board,5,0,1\n",
    "sources": """
offer,item,supplier,price,lead_days
chip-jp,chip,osaka,8,0
screen-jp,screen,osaka,50,0
screen-in,screen,pune,70,0
shell-jp,shell,osaka,6,0
shell-in,shell,pune,8,0
""",
    "lanes": "origin,destination,item,mode,lead_days\nnoida,dubai,phone,sea,0\n",
    "demand": "demand,item,market,due,quantity,price\nd1,phone,dubai,2024-01-10,100,500\n",
    "duties": "country,hs,from,rate\nIN,85,,0\n",
}


def rules(country: str = "in", **asked: tuple[str, float]) -> str:
    """Return the rule of the test agreement as a law file, in the book of either party."""
    return "".join(
        f"{country}.origin.test_fta.{name}:\n  title: Rule {name}, synthetic\n  levy: origin\n  unit: {unit}\n"
        f"  values:\n    2023-01-01: {{value: {value}, published: 2023-01-01, instrument: test, reference: test}}\n"
        for name, (unit, value) in (asked or RULES).items()
    )


def preference_family(law: str = LAW, rule: str = "", buckets: str = "2w", **tables: Any) -> Network:
    """Return the network: two weeks from New Year's Day 2024; a table given as text replaces that table."""
    settings = Settings(start=date(2024, 1, 1), buckets=buckets, law="book", title="preferences")
    texts = {**TABLES, **tables}
    files = {"law.yaml": law, "rules.yaml": rule or rules()}
    frames = {name: read_table(name, text) for name, text in texts.items()}
    return Network(settings, frames, name="preference-family", law_files=files)
