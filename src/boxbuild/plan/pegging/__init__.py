"""Pegging: who feeds whom in a plan, both ways, exact in quantity."""

from boxbuild.plan.pegging.peg import Peg
from boxbuild.plan.pegging.pegging import Pegging, pegging

__all__ = ["Peg", "Pegging", "pegging"]
