"""Borders: which flows come under customs, and from where, as customs see it."""

from __future__ import annotations

import polars as pl

ZONE = "sez"
"""Regime of a site that is outside the customs territory of its country: a special economic zone."""


def entering(flows: pl.DataFrame) -> pl.DataFrame:
    """Return the flows that pay customs charges where they arrive.

    Goods pay where they enter a country that they do not originate in. What arrives in a special economic zone does
    not pay; what leaves one for another place in the same country pays as if it came from abroad (Special Economic
    Zones Act 2005, sections 26 and 30).

    Parameters
    ----------
    flows
        ``origin_country`` of the goods; ``left_country`` and ``left_regime`` of the site that they leave; ``country``
        and ``regime`` of the site at which they arrive.

    Returns
    -------
    DataFrame
        The rows that pay, in their order; ``origin_country`` is null for goods of the country itself that leave a zone.
    """
    home = pl.col("origin_country") == pl.col("country")
    leaves_zone = (pl.col("left_country") == pl.col("country")) & (pl.col("left_regime") == ZONE)
    return flows.filter((pl.col("regime") != ZONE) & (~home | leaves_zone)).with_columns(
        origin_country=pl.when(~home).then("origin_country")
    )
