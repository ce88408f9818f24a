"""The small network under the law book: it imports displays on which every charge falls, and exports phones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.building import small_network

from boxbuild.network.network import Network

LAW = """
in.bcd.test_display:
  title: Basic duty on displays
  levy: bcd
  unit: percent
  goods: {hs: ["85177990"], form: test_bare}
  values:
    2022-01-01: {value: 10, published: 2022-01-01, instrument: test, reference: test}
    2023-06-26: {value: 5, published: 2023-06-20, instrument: test, reference: test}
in.antidumping.test_display:
  title: Anti-dumping duty on displays of China
  levy: antidumping
  unit: percent
  goods: {hs: ["85177990"], form: test_bare, origin: [CN]}
  values:
    2022-01-01: {value: 3, published: 2022-01-01, instrument: test, reference: test}
"""


def customs_network(**settings: Any) -> Network:
    """Return the small network under the law book, with integrated tax that costs something."""
    network = small_network(
        sources="""
offer,item,supplier,destination,price,currency,freight,markup,royalty,lead_days,terms,origin,form
display-cn,display,wuhan,,18,USD,0.2,0.02,0.5,14,turnkey,CN,test_bare
chip-cn,chip,wuhan,wuhan,25,USD,0,0,0,7,consigned,CN,
battery-in,battery,pune,,500,INR,5,0.01,0,3,turnkey,IN,
""",
        duties="country,hs,origin,from,rate\nIN,8542,,,0\nDE,85171300,,,0.02\n",
    )
    network = replace(network, law_files={"test.yaml": LAW})
    chosen = {
        "law": "book",
        "igst_stuck": Decimal("0.05"),
        "igst_credit_days": 45,
        "finance_rate": Decimal("0.1"),
        "discount_rate": Decimal("0.1"),
        **settings,
    }
    return replace(network, settings=replace(network.settings, **chosen))
