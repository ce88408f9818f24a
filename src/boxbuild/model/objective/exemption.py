"""Exemption: what imports for export are free of, less what the exports then are not paid."""

from __future__ import annotations

import polars as pl

from boxbuild.model.objective.money import Columns


def exemption(columns: Columns) -> pl.DataFrame:
    """What an import for export saves, and what an exempt export is not paid.

    Both were computed with the columns (:mod:`boxbuild.model.constraints.exempt.worth`).
    """
    imports = [columns[kind].select("column", value=-pl.col("saving")) for kind in ("exempt_buy", "exempt_ship")]
    return pl.concat([*imports, columns["exempt_export"].select("column", value="forgone")])
