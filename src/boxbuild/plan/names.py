"""Names: how the names in columns of millions of rows are kept, so that they are grouped and joined as numbers."""

from __future__ import annotations

from typing import Final

import polars as pl

NAME: Final = pl.Categorical()
"""A name by its number in one list of all; what leaves a step is text again."""
