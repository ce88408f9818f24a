"""Preference: what goods that originate save where they enter at the rate of a trade agreement."""

from __future__ import annotations

import polars as pl

from boxbuild.model.objective.money import Columns


def preference(columns: Columns) -> pl.DataFrame:
    """What a unit that is claimed saves; computed with the columns (:mod:`boxbuild.model.preferences`)."""
    return columns["claim"].select("column", value=-pl.col("saving"))
