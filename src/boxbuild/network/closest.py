"""The closest known word to a misspelled one, fast enough for many words and long lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from boxbuild.network.issues import did_you_mean

MOST_WORDS: Final = 50
"""Hints are looked up for this many words; the others go without."""

MOST_CANDIDATES: Final = 40


def closest_hints(words: Iterable[str], known: pl.Series) -> dict[str, str]:
    """Return a "did you mean" hint for each word that has a close one among the known.

    Only the known words that share most pairs of letters with it are compared letter by letter.
    """
    known = known.drop_nulls().unique(maintain_order=True)
    hints = {}
    for word in list(words)[:MOST_WORDS]:
        hint = did_you_mean(word, _candidates(word, known).to_list())
        if hint:
            hints[word] = hint
    return hints


def _candidates(word: str, known: pl.Series) -> pl.Series:
    if len(known) <= MOST_CANDIDATES:
        return known
    pairs = {word[i : i + 2].lower() for i in range(len(word) - 1)} or {word.lower()}
    lowered = known.str.to_lowercase()
    shared = sum((lowered.str.contains(pair, literal=True).cast(pl.Int64) for pair in sorted(pairs)), pl.Series([0]))
    distance = (known.str.len_chars().cast(pl.Int64) - len(word)).abs()
    best = pl.DataFrame({"known": known, "rank": distance - 2 * shared}).sort("rank", maintain_order=True)
    return best["known"].head(MOST_CANDIDATES)
