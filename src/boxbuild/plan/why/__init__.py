"""Why: what stands between a demand and its day, by what the rows of the model are worth; and what it would take."""

from boxbuild.plan.why.answer import Why, why_demand, why_demands
from boxbuild.plan.why.part import PartWhy, why_part

__all__ = ["PartWhy", "Why", "why_demand", "why_demands", "why_part"]
