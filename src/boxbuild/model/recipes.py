"""Recipes: the ways in which a site builds an item, apart where a good unit takes something else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

from boxbuild.model.flows import Flows

Place = tuple[str, str]
"""Site and item."""


@dataclass(frozen=True)
class Recipe:
    """One way to build: what a good unit takes.

    ``fixed`` and ``groups`` hold component units for one good unit.
    """

    site: str
    option: str | None
    bucket: int
    fixed: tuple[tuple[str, float], ...]
    groups: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]

    def key(self, among: int) -> str:
        """Return the name of the class; the bucket is named only where the site has several ways to build."""
        name = self.site if self.option is None else f"{self.site}|{self.option}"
        return name if among == 1 else f"{name}@{self.bucket}"


def recipes(flows: Flows) -> pl.DataFrame:
    """Return ``site``, ``item``, ``option``, ``bucket`` of every build column with the ``recipe`` that it follows."""
    rows = [(*key, recipe.bucket) for (_, item), each in ways(flows).items() for recipe, keys in each for key in keys]
    schema = {"site": pl.String, "item": pl.String, "option": pl.String, "bucket": pl.Int64, "recipe": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def ways(flows: Flows) -> dict[Place, list[tuple[Recipe, list[tuple[str, str, str | None, int]]]]]:
    """Return the recipes of each site and item with the keys of the build columns that follow each."""
    taken: dict[Any, list[tuple[str, str | None, float]]] = defaultdict(list)
    for site, item, option, bucket, component, group, units in flows.needs.select(
        "site", "item", "option", "bucket", "component", "group", "per_unit"
    ).iter_rows():
        taken[site, item, option, bucket].append((component, group, units))
    found: dict[Place, dict[Any, tuple[Recipe, list[Any]]]] = defaultdict(dict)
    columns = (
        flows.kinds["build"].select("site", "item", "option", "bucket", "yield").sort("bucket", maintain_order=True)
    )
    for site, item, option, bucket, good in columns.iter_rows():
        fixed, groups = [], defaultdict(list)
        for component, group, units in sorted(taken[site, item, option, bucket], key=lambda row: row[0]):
            if group is None:
                fixed.append((component, units / good))
            else:
                groups[group].append((component, units / good))
        held = tuple(sorted((group, tuple(members)) for group, members in groups.items()))
        recipe = Recipe(site, option, bucket, tuple(fixed), held)
        same = found[item, site].setdefault((option, recipe.fixed, held), (recipe, []))
        same[1].append((site, item, option, bucket))
    return {place: list(each.values()) for place, each in found.items()}
