"""The network of every family with locks of every kind: fixed and limited, on windows and on weeks."""

from __future__ import annotations

from tests.building import read_table
from tests.model.every_family import every_family

from boxbuild.network.network import Network

LOCKS = """
lock,kind,item,site,destination,supplier,offer,mode,from,until,per,fixed,min,max
build-noida,build,phone,noida,,,,,2024-01-01,2024-01-07,,20,,
builds,build,,,,,,,2024-01-08,2024-01-17,,,40,60
cells,buy,cell,,,osaka,,,,,week,,7,350
packs,buy,,noida,,,pack-jp,,2024-01-08,2024-01-17,,,,90
road,ship,phone,noida,delhi,,,road,,2024-01-10,,,0.5,
"""


def lock_family() -> Network:
    """Return the network of every family with five locks."""
    return every_family().with_table("locks", read_table("locks", LOCKS))
