"""Law reads: every value of the law book that a plan depends on, and the rules that read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.law import subsidies
from boxbuild.law.applications import claims
from boxbuild.law.border import entering
from boxbuild.law.customs import Assessor, Entry
from boxbuild.law.export import Export, benefits
from boxbuild.law.incentives import evaluate
from boxbuild.law.law import Law
from boxbuild.law.origin import cited, rule
from boxbuild.law.schemes import SCHEMES, exempted, forgone, surplus
from boxbuild.law.trace import Read, Trace, plain
from boxbuild.plan.ledger.arrivals import spread_arrivals
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.schemas import SCHEMAS

if TYPE_CHECKING:
    from boxbuild.network.network import Network

ONE: Final = Decimal(1)
NONE: Final = Decimal(0)
_IMPORTS: Final = ("country", "hs", "origin_country", "form", "end_use", "agreement", "rvc", "tariff_shift", "arrival")


def law_reads(network: Network, tables: Mapping[str, pl.DataFrame], law: Law) -> pl.DataFrame:
    """Return the table ``law_reads`` of a plan; empty where the plan does not go by the book.

    What is read does not depend on amounts: each kind of goods is assessed once for each day of the law.

    Parameters
    ----------
    network
        The network.
    tables
        The tables of the plan: ``buys``, ``shipments``, ``exempt``, ``preferences`` and ``options`` are read.
    law
        What the plan obeys.
    """
    schema = SCHEMAS["law_reads"]
    if not law.by_book:
        return schema.to_frame()
    found: dict[tuple[object, ...], tuple[Read, set[str]]] = {}
    for trace in _traces(Book(network, tables, law)):
        for step in trace.walk():
            for read in step.reads:
                if read.parameter in law.book.parameters:
                    name = (read.parameter, read.since, read.value)
                    found.setdefault(name, (read, set()))[1].add(step.rule)
    rows = [_row(read, rules) for _, (read, rules) in sorted(found.items())]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _row(read: Read, rules: set[str]) -> dict[str, Any]:
    return {
        "parameter": read.parameter,
        "title": read.title,
        "since": read.since,
        "value": plain(read.value),
        "unit": read.unit,
        "published": read.published,
        "instrument": read.instrument,
        "reference": read.reference,
        "rules": ", ".join(sorted(rules)),
    }


def _traces(book: Book) -> Iterator[Trace]:
    yield from _imports(book)
    yield from _exports(book)
    yield from _exempt(book)
    yield from _preferred(book)
    for claim in claims(book.law):
        yield evaluate(claim, NONE, NONE)
    options = {row["option"]: row for row in book.network["options"].iter_rows(named=True)}
    for option, bucket in book.tables["options"].select("option", "bucket").iter_rows():
        granted = subsidies.assess(book.law, options[option], bucket)
        if granted is not None:
            yield granted


def _imports(book: Book) -> Iterator[Trace]:
    bought = entering(book.buys_arrived).select(_IMPORTS)
    shipped = entering(book.shipments_arrived)
    shipped = shipped.select(
        (pl.col(name) if name in shipped.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in bought.schema.items()
    )
    assessor = Assessor(book.law)
    for row in pl.concat([bought, shipped]).unique(maintain_order=True).iter_rows(named=True):
        entry = Entry(
            row["country"],
            "",
            row["hs"],
            row["origin_country"],
            row["form"],
            row["end_use"],
            row["agreement"],
            None if row["rvc"] is None else Decimal(repr(row["rvc"])),
            row["tariff_shift"],
        )
        yield assessor.assess(entry, {"fob": ONE}, book.law.day_of[row["arrival"]])


def _exports(book: Book) -> Iterator[Trace]:
    home, sites = book.network.settings.home_country, book.network["sites"]
    made = book.network["operations"].join(sites.filter(country=home), on="site", how="semi")["item"].unique()
    leaving = book.shipments.filter(
        (pl.col("left_country") == home) & (pl.col("country") != home) & pl.col("item").is_in(made.to_list())
    )
    kinds = leaving.select("item", "hs", "left_regime", "bucket").unique(maintain_order=True)
    for item, hs, regime, bucket in kinds.iter_rows():
        yield benefits(book.law, Export(home, item, hs, regime), ONE, book.law.day_of[bucket], ONE)


def _exempt(book: Book) -> Iterator[Trace]:
    law, rows = book.law, book.tables["exempt"]
    for scheme, flow, bucket in rows.select("scheme", "flow", "bucket").unique(maintain_order=True).iter_rows():
        if flow in ("buy", "ship"):
            yield exempted(law, scheme, {}, law.day_of[bucket])
        elif flow == "export":
            yield forgone(law, scheme, {}, law.day_of[bucket])
    for scheme in rows["scheme"].unique(maintain_order=True):
        if SCHEMES[scheme].obliged:
            yield surplus(law, scheme, NONE, NONE)


def _preferred(book: Book) -> Iterator[Trace]:
    """What is claimed at the rate of an agreement, with the agreement's rule of origin on the day that it leaves."""
    law, assessor = book.law, Assessor(book.law)
    claimed = spread_arrivals(book.carried(book.tables["preferences"]), book.calendar)
    names = ("agreement", "country", "hs", "origin_country", "bucket", "arrival")
    for agreement, country, hs, left, bucket, arrival in claimed.select(names).unique(maintain_order=True).iter_rows():
        entry = Entry(country, "", hs, left, agreement=agreement, rvc=ONE, tariff_shift=True)
        yield assessor.assess(entry, {"fob": ONE}, law.day_of[arrival])
        asked = rule(law, country, agreement, law.day_of[bucket], left)
        if asked is not None:
            yield cited(asked)
