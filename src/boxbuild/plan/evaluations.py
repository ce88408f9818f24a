"""Evaluations: what the law says of the flows of a plan, flow by flow, exactly, each with its trace.

Imports are assessed on arrival, exports in the bucket in which they leave, per unit; flows of one key that are told the
same are drawn together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.law.border import entering
from boxbuild.law.customs import Assessor, Entry, charges
from boxbuild.law.export import RUPEE, Export, benefits
from boxbuild.law.law import Law
from boxbuild.law.schemes import exempted, forgone
from boxbuild.law.trace import Trace
from boxbuild.network.currency import exchange_rates
from boxbuild.plan.exempt import by_lane
from boxbuild.plan.ledger.arrivals import spread_arrivals
from boxbuild.plan.ledger.book import Book

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

DIGITS: Final = 40
NONE: Final = Decimal(0)
ONE: Final = Decimal(1)


@dataclass(frozen=True)
class Evaluation:
    """What the law says of one unit of a flow in a bucket.

    Parameters
    ----------
    subject
        ``import``, ``export``, ``exemption`` (of an import), ``forgone`` (by an export) or ``preference`` (under an
        agreement).
    kind, key
        ``buy`` or ``ship``, and the key of the flow in the ledger.
    item, site
        What it is, and where it arrives, or from where an export leaves.
    bucket
        Of arrival; of departure for exports.
    units
        How many.
    unit
        The evaluation of one unit, home currency.
    claimed
        The classification and what is claimed, in words.
    """

    subject: str
    kind: str
    key: str
    item: str
    site: str
    bucket: int
    units: Decimal
    unit: Trace
    claimed: str


class Evaluations:
    """What the law says of the flows of a plan.

    Parameters
    ----------
    plan
        The plan.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, self.network = plan, plan.network
        self.law = Law.of(plan.network)
        self.book = Book(plan.network, plan.tables, self.law)
        self._assessor = Assessor(self.law)
        self._rates = exchange_rates(plan.network)
        self._home = plan.network.settings.home_currency

    def of(self, kind: str, key: str) -> tuple[Evaluation, ...]:
        """Return the evaluations of one flow, in order of buckets; none where the law has nothing to say of it."""
        return tuple(self._one(kind, key))

    def keys(self) -> list[tuple[str, str, str, str, str]]:
        """Return kind, key, item, site of arrival and offer or origin of every flow that the law speaks of."""
        if self.law.off:
            return []
        found = [
            *(("buy", *names) for names in _names(self._bought, "offer")),
            *(("ship", *names) for names in _names(self._shipped, "origin")),
            *(("ship", *names) for names in _names(self._exported, "origin")),
        ]
        return sorted(set(found))

    def all(self) -> Iterator[Evaluation]:
        """Yield every evaluation."""
        for kind, key, *_ in self.keys():
            yield from self.of(kind, key)

    def _one(self, kind: str, key: str) -> Iterator[Evaluation]:
        if self.law.off:
            return
        with localcontext() as context:
            context.prec = DIGITS
            bought = kind == "buy"
            arrived = (self._bought if bought else self._shipped).filter(key=key)
            yield from self._summed(self._import(kind, row) for row in arrived.iter_rows(named=True))
            if bought:
                yield from self._summed(self._exempt(row, kind) for row in _rows(self._exempt_bought, key))
                return
            yield from self._summed(self._exempt(row, kind) for row in _rows(self._exempt_shipped, key))
            yield from self._summed(self._preference(row) for row in _rows(self._claimed_shipped, key))
            yield from self._summed(self._export(row) for row in _rows(self._exported, key))
            yield from self._summed(self._forgone(row) for row in _rows(self._exempt_exported, key))

    def _summed(self, found: Iterable[Evaluation]) -> list[Evaluation]:
        """Draw together what is told the same in one bucket."""
        units: dict[tuple[object, ...], Decimal] = defaultdict(Decimal)
        first: dict[tuple[object, ...], Evaluation] = {}
        for one in found:
            name = (one.bucket, one.unit, one.claimed)
            first.setdefault(name, one)
            units[name] += one.units
        ordered = sorted(first.items(), key=lambda pair: pair[1].bucket)
        return [replace(one, units=units[name]) for name, one in ordered if units[name]]

    def _import(self, kind: str, row: dict[str, Any], agreement: str | None = None) -> Evaluation:
        bucket = row["arrival"]
        entry = Entry(
            row["country"],
            row["item"],
            row["hs"],
            row["origin_country"],
            form=row["form"] if kind == "buy" else None,
            end_use=row["end_use"] if kind == "buy" else None,
            agreement=row["agreement"] if kind == "buy" else None,
            rvc=Decimal(repr(row["rvc"])) if kind == "buy" and row["rvc"] is not None else None,
            tariff_shift=row["tariff_shift"] if kind == "buy" else None,
        )
        if agreement is not None:
            entry = replace(entry, agreement=agreement, rvc=ONE, tariff_shift=True)
        values = self._bought_values(row, bucket) if kind == "buy" else self._shipped_values(row, bucket)
        place = f"sources: offer {row['offer']}" if kind == "buy" else f"lanes: {row['origin']} to {row['destination']}"
        unit = self._assessor.assess(entry, values, self.law.day_of[bucket], place)
        part = _exact(row["quantity"]) * row["days"] / row["window"]
        site = row["destination"]
        return Evaluation("import", kind, row["key"], row["item"], site, bucket, part, unit, _claimed(entry))

    def _exempt(self, row: dict[str, Any], kind: str) -> Evaluation:
        found = self._import(kind, row)
        day = self.law.day_of[row["bucket"]]
        spared = exempted(self.law, row["scheme"], charges(found.unit), day, row["item"])
        unit = replace(spared, parts=(found.unit,))
        return replace(found, subject="exemption", unit=unit, claimed=f"{row['scheme']}; {found.claimed}")

    def _preference(self, row: dict[str, Any]) -> Evaluation:
        """What is saved: the charges without the agreement less those with it."""
        general, lowered = self._import("ship", row), self._import("ship", row, row["agreement"])
        saved = general.unit.value - lowered.unit.value
        title = f"saved under {row['agreement']} on {row['item']}"
        formula, parts = "charges without the agreement - charges with it", (general.unit, lowered.unit)
        unit = Trace(title, saved, self._home, "customs.preference", formula, parts=parts)
        return replace(general, subject="preference", unit=unit, claimed=f"{row['agreement']}; {general.claimed}")

    def _export(self, row: dict[str, Any]) -> Evaluation:
        bucket, regime, hs = row["bucket"], row["left_regime"], row["hs"]
        export = Export(row["left_country"], row["item"], hs, regime, row["country"])
        day, fob = self.law.day_of[bucket], row["value"] * self._rate(row["value_currency"], bucket)
        rupee = self._rates[RUPEE][bucket] if RUPEE in self._rates else NONE
        unit = benefits(self.law, export, fob, day, rupee, f"items: {row['item']}")
        said = f"HS {hs or 'none'}, to {row['country']}, from a site of regime {regime}"
        units = _exact(row["quantity"])
        return Evaluation("export", "ship", row["key"], row["item"], row["origin"], bucket, units, unit, said)

    def _forgone(self, row: dict[str, Any]) -> Evaluation:
        found = self._export(row)
        credits = {part.rule.removeprefix("export."): part.value for part in found.unit.parts}
        lost = forgone(self.law, row["scheme"], credits, self.law.day_of[row["bucket"]], row["item"])
        said = f"{row['scheme']}; {found.claimed}"
        return replace(found, subject="forgone", unit=replace(lost, parts=(found.unit,)), claimed=said)

    def _bought_values(self, row: dict[str, Any], bucket: int) -> dict[str, Decimal]:
        rate = self._rate(row["currency"], bucket)
        values = {"fob": row["price"], "freight": row["freight"], "royalty": row["royalty"]}
        return {name: value * rate for name, value in values.items()}

    def _shipped_values(self, row: dict[str, Any], bucket: int) -> dict[str, Decimal]:
        value = row["value"] * self._rate(row["value_currency"], bucket)
        freight = row["per_unit"] + row["per_kg"] * _exact(row["weight_kg"])
        insurance = value * Decimal(repr(row["insurance"]))
        return {"fob": value, "freight": freight * self._rate(row["currency"], bucket), "insurance": insurance}

    def _rate(self, currency: str | None, bucket: int) -> Decimal:
        return self._rates[currency or self._home][bucket]

    @cached_property
    def _bought(self) -> pl.DataFrame:
        return entering(self.book.buys_arrived)

    @cached_property
    def _shipped(self) -> pl.DataFrame:
        return entering(self.book.shipments_arrived)

    @cached_property
    def _exported(self) -> pl.DataFrame:
        return self._leaving(self.book.shipments) if self.law.by_book else self.book.shipments.clear()

    def _leaving(self, shipments: pl.DataFrame) -> pl.DataFrame:
        home = self.network.settings.home_country
        sites = self.network["sites"].filter(country=home).select("site")
        made = self.network["operations"].join(sites, on="site", how="semi")["item"].unique()
        abroad = (pl.col("left_country") == home) & (pl.col("country") != home)
        return shipments.filter(abroad, pl.col("item").is_in(made.to_list()))

    def _under_scheme(self, flow: str) -> pl.DataFrame:
        return self.plan["exempt"].filter(flow=flow)

    @cached_property
    def _exempt_bought(self) -> pl.DataFrame:
        suppliers = self.network["sources"].select("offer", "supplier").unique("offer", maintain_order=True)
        rows = self._under_scheme("buy").rename({"key": "offer", "site": "destination"})
        named = rows.join(suppliers, on="offer", how="left", maintain_order="left")
        return entering(spread_arrivals(self.book.offered(named), self.book.calendar))

    @cached_property
    def _claimed_shipped(self) -> pl.DataFrame:
        if not self.law.by_book:
            return self.plan["preferences"].clear()
        return entering(spread_arrivals(self.book.carried(self.plan["preferences"]), self.book.calendar))

    @cached_property
    def _exempt_shipped(self) -> pl.DataFrame:
        rows = self.book.carried(by_lane(self._under_scheme("ship")))
        return entering(spread_arrivals(rows, self.book.calendar))

    @cached_property
    def _exempt_exported(self) -> pl.DataFrame:
        rows = self.book.carried(by_lane(self._under_scheme("export")))
        return self._leaving(rows) if self.law.by_book else rows.clear()


def _claimed(entry: Entry) -> str:
    parts = {
        "HS": entry.hs or "none",
        "form": entry.form,
        "end use": entry.end_use,
        "agreement": entry.agreement,
        "declared regional value content": None if entry.rvc is None else f"{entry.rvc:f}",
        "from": entry.origin or "abroad, by a special economic zone",
    }
    return ", ".join(f"{name} {text}" for name, text in parts.items() if text)


def _names(rows: pl.DataFrame, last: str) -> list[tuple[str, str, str, str]]:
    found = rows.select("key", "item", "destination", last).unique().iter_rows()
    return [(key, item, destination, name) for key, item, destination, name in found]


def _rows(rows: pl.DataFrame, key: str) -> Iterator[dict[str, Any]]:
    return rows.filter(key=key).iter_rows(named=True) if rows.height else iter(())


def _exact(value: float) -> Decimal:
    return Decimal(repr(value))
