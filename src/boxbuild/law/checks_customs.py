"""Checks of what a network imports and exports, where the law book counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any, Final

import polars as pl

from boxbuild.law.border import entering
from boxbuild.law.charges import CLAIMS, Charges
from boxbuild.law.classes import Classes
from boxbuild.law.export import RUPEE
from boxbuild.law.law import Law
from boxbuild.law.parameter import Goods, Parameter
from boxbuild.law.steps import LEVIES
from boxbuild.network.issues import Issue, did_you_mean
from boxbuild.network.reach import earliest_days, users
from boxbuild.network.windows import bucket_of, buckets_frame, effective

_SHOWN: Final = 3
_HEADING: Final = 4
"""Digits of a heading: what shares fewer is not near."""


def find(law: Law) -> list[Issue]:
    """Return what is wrong or doubtful in the imports and exports of a network.

    Parameters
    ----------
    law
        The law; nothing is checked unless it goes by the book.
    """
    if not law.by_book:
        return []
    goods = imports(law)
    return [*_unrated(law, goods), *_changing(law, goods), *_unknown_words(law), *_without_rupee(law)]


def imports(law: Law) -> pl.DataFrame:
    """Return what a network can import: a row for each row of its tables, destination and bucket of arrival.

    Returns
    -------
    DataFrame
        Columns of :data:`boxbuild.law.charges.GOODS`, with ``table``, ``row`` (of the table, from 0), ``item`` and
        ``destination``.
    """
    network = law.network
    sites, items = network["sites"], network["items"].select("item", "hs")
    here = sites.select("country", "regime", destination="site")
    columns = ["table", "row", "item", "destination", "bucket", "lead_days", "origin_country", "left", *CLAIMS]
    moving = pl.concat([_bought(law).select(columns), _carried(law).select(columns)])
    left = sites.select(left="site", left_country="country", left_regime="regime")
    placed = (
        moving.join(here, on="destination", maintain_order="left")
        .join(left, on="left", maintain_order="left")
        .join(items, on="item", maintain_order="left")
        .with_columns(origin_country=pl.coalesce("origin_country", "left_country"))
    )
    names = ["table", "row", "item", "destination", "country", "hs", *CLAIMS, "origin", "bucket"]
    return (
        _arriving(law, entering(placed)).with_columns(origin="origin_country").select(names).unique(maintain_order=True)
    )


def _bought(law: Law) -> pl.DataFrame:
    network = law.network
    plants = network["sites"].filter(kind="plant").select("site")
    takers = users(network).join(plants, on="site", how="semi").rename({"site": "taker"})
    rows = network["sources"].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    named = rows.filter(pl.col("destination").is_not_null())
    anywhere = rows.filter(pl.col("destination").is_null()).join(takers, on="item", maintain_order="left_right")
    both = pl.concat([named, anywhere.with_columns(destination="taker").drop("taker")])
    held = effective(both, network.calendar)
    return held.with_columns(table=pl.lit("sources"), origin_country="origin", left="supplier")


def _carried(law: Law) -> pl.DataFrame:
    network = law.network
    countries = network["sites"].select("site", "country")
    wanted = pl.concat([users(network), network["demand"].select("item", site="market")]).join(countries, on="site")
    wanted = wanted.select("item", wanted_in="country").unique()
    present = earliest_days(network).select("site", carried="item")
    rows = network["lanes"].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    crossed = (
        effective(rows, network.calendar)
        .join(present.rename({"site": "origin"}), on="origin", maintain_order="left_right")
        .filter(pl.col("item").is_null() | (pl.col("item") == pl.col("carried")))
        .join(countries.select(origin="site", left_in="country"), on="origin", maintain_order="left")
        .join(wanted.rename({"item": "carried"}), on="carried", maintain_order="left_right")
        .filter(pl.col("wanted_in") != pl.col("left_in"))
    )
    return crossed.with_columns(
        *(pl.lit(None, dtype).alias(name) for name, dtype in CLAIMS.items()),
        table=pl.lit("lanes"),
        item="carried",
        origin_country=pl.lit(None, pl.String()),
        left="origin",
    )


def _arriving(law: Law, moving: pl.DataFrame) -> pl.DataFrame:
    """Put the buckets in which goods arrive in place of the bucket in which they leave."""
    calendar = law.network.calendar
    leaving = moving.join(buckets_frame(calendar), on="bucket", maintain_order="left")
    first = pl.col("start") + pl.duration(days="lead_days")
    last = first + pl.duration(days=pl.col("days") - 1)
    parts = []
    for day in (first, last):
        days = leaving.select(day.alias("day"))["day"]
        parts.append(leaving.with_columns(bucket_of(calendar, days)).drop("start", "days"))
    return pl.concat(parts).filter(pl.col("bucket") < calendar.count)


def _unrated(law: Law, goods: pl.DataFrame) -> Iterator[Issue]:
    """Yield what enters a country whose duty is in the book, and has none: no parameter, and no row of duties."""
    rates = Charges(law).rates(goods)
    covered = [country for country in goods["country"].unique() if law.book.levied(country, "bcd")]
    missing = goods.filter(
        rates["bcd_rate"].is_null() & rates["table_rate"].is_null() & goods["country"].is_in(covered)
    ).unique(["table", "row", "item", "country"], keep="first", maintain_order=True)
    for row in missing.iter_rows(named=True):
        said = {"hs": row["hs"], "form": row["form"], "end use": row["end_use"], "origin": row["origin"]}
        what = ", ".join(f"{name} {value}" for name, value in said.items() if value) or "without a classification"
        day = law.day_of[row["bucket"]]
        reason = f"no rate of duty on {row['item']} ({what}) into {row['country']} on {day}"
        yield Issue("no-rate-of-duty", reason, table=row["table"], row=row["row"], column="item", hint=_hint(law, row))


def _hint(law: Law, row: dict[str, Any]) -> str:
    def closeness(parameter: Parameter) -> tuple[int, float]:
        goods = parameter.goods or Goods()
        shared = max((_shared(code, row["hs"] or "") for code in goods.hs), default=0)
        return shared, SequenceMatcher(None, goods.form or "", row["form"] or "").ratio()

    near = sorted(law.book.levied(row["country"], "bcd"), key=closeness, reverse=True)
    shown = [one for one in near if closeness(one) >= (_HEADING, 0.0) or (row["form"] and closeness(one)[1] == 1.0)][
        :_SHOWN
    ]
    asks = "; ".join(f"{one.id} asks for {_asked(one.goods or Goods())}" for one in shown)
    return (f"{asks}; or " if asks else "") + "give a row of the table duties"


def _shared(one: str, other: str) -> int:
    """Return how many leading digits two classifications share."""
    return next((at for at in range(min(len(one), len(other))) if one[at] != other[at]), min(len(one), len(other)))


def _asked(goods: Goods) -> str:
    named = {
        "hs": " or ".join(goods.hs),
        "form": goods.form,
        "end use": goods.end_use,
        "agreement": goods.agreement,
        "origin": " or ".join(goods.origin),
    }
    return ", ".join(f"{name} {value}" for name, value in named.items() if value) or "any goods"


def _changing(law: Law, goods: pl.DataFrame) -> Iterator[Issue]:
    """Yield rates of what is imported that change after the first day of a bucket: the whole bucket keeps the first."""
    calendar = law.network.calendar
    frame = buckets_frame(calendar)
    last = [start + timedelta(days=days - 1) for start, days in frame.select("start", "days").iter_rows()]
    begins, ends = Classes(law), Classes(law, last)
    seen = set()
    for levy in LEVIES:
        before, after = begins.held(goods, levy), ends.held(goods, levy)
        both = pl.concat(
            [goods.select("bucket"), before, after.select(pl.all().name.prefix("next_"))], how="horizontal"
        )
        changed = both.filter(pl.col("number").ne_missing(pl.col("next_number"))).unique(maintain_order=True)
        for row in changed.sort("bucket").iter_rows(named=True):
            name = row["next_parameter"] or row["parameter"]
            since = row["next_since"] if row["next_parameter"] else None
            if (name, since) in seen:
                continue
            seen.add((name, since))
            old, new = (_number(row[column]) for column in ("number", "next_number"))
            when = f"on {since}" if since and since > law.day_of[row["bucket"]] else f"by {last[row['bucket']]}"
            first = law.day_of[row["bucket"]]
            reason = f"{name} changes from {old} to {new} {when}, inside the bucket that begins on {first}"
            hint = f"the whole bucket goes by {old}: cut the horizon where the law changes"
            yield Issue("law-inside-bucket", reason, "warning", "settings", column="buckets", hint=hint)


def _number(value: float | None) -> str:
    return "nothing" if value is None else f"{value:g}"


def _unknown_words(law: Law) -> Iterator[Issue]:
    """Yield claims that no parameter of the book knows."""
    every = [one.goods for one in law.book.parameters.values() if one.goods is not None]
    rules = {name.split(".")[2] for name in law.book.parameters if name.split(".")[1] == "origin"}
    known = {
        "form": {goods.form for goods in every if goods.form},
        "end_use": {goods.end_use for goods in every if goods.end_use},
        "agreement": {goods.agreement for goods in every if goods.agreement} | rules,
    }
    for column, words in known.items():
        for index, word in enumerate(law.network["sources"][column].to_list()):
            if word and word not in words:
                hint = did_you_mean(word, words) or f"the book has {', '.join(sorted(words)) or 'none'}"
                reason = f"no parameter of the law book asks for this {column.replace('_', ' ')}"
                yield Issue("unknown-claim", reason, "warning", "sources", index, column, word, hint)


def _without_rupee(law: Law) -> Iterator[Issue]:
    """Yield that benefits of exports, which the book states in rupees, cannot be converted."""
    network, settings = law.network, law.network.settings
    paid = [levy for levy in ("drawback", "rodtep") if law.book.levied(settings.home_country, levy)]
    if paid and settings.home_currency != RUPEE and RUPEE not in network["rates"]["currency"]:
        reason = f"has no {RUPEE}, in which {' and '.join(paid)} are stated"
        yield Issue("no-rupee", reason, table="rates", column="currency", hint=f"add a row for {RUPEE}")
