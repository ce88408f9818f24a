"""Choices: every way to take options and to climb the ladders of prices."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tests.laws.dated import FIRST, Dated, Row

Taken = Mapping[str, int]
"""The bucket in which each option that is taken is taken."""

Ladder = tuple[str, str]
"""``("contract", name)`` or ``("offer", name)``."""


def ways_to_take(dated: Dated) -> Iterator[Taken]:
    """Yield every allowed choice of options and of the buckets in which they are taken.

    An option that is never ready within the horizon only costs, so that is not tried.
    """
    options = dated.tables["options"]
    buckets: list[list[int | None]] = [
        [
            None,
            *(
                b
                for b in dated.buckets
                if dated.first_day(b) >= (row["earliest"] or FIRST)
                and dated.edges[b] + row["ready_days"] < dated.horizon
            ),
        ]
        for row in options
    ]
    for choice in itertools.product(*buckets):
        taken = [(row, b) for row, b in zip(options, choice, strict=True) if b is not None]
        groups = [row["exclusive_group"] for row, _ in taken if row["exclusive_group"] is not None]
        if len(groups) == len(set(groups)):
            yield {row["option"]: b for row, b in taken}


def ways_to_climb(dated: Dated) -> Iterator[Mapping[Ladder, int]]:
    """Yield every choice of the highest step that each ladder reaches."""
    ladders = ladders_of(dated)
    for choice in itertools.product(*(range(len(steps)) for steps in ladders.values())):
        yield dict(zip(ladders, choice, strict=True))


def ladders_of(dated: Dated) -> Mapping[Ladder, list[Row]]:
    ladders: dict[Ladder, list[Row]] = defaultdict(list)
    for row in sorted(dated.tables["tiers"], key=lambda row: row["from_quantity"]):
        ladders["contract" if row["contract"] else "offer", row["contract"] or row["offer"]].append(row)
    return ladders
