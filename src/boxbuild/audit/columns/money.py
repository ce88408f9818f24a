"""Money: the amounts that flows make, beside what the ledger states, all lines at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl

from boxbuild.audit.accounts import Commitments, Line, committing, opening
from boxbuild.audit.accounts.buying import MARKED_UP
from boxbuild.audit.accounts.customs import ABROAD, ZONE
from boxbuild.audit.columns.flows import Moves, Tables, joined_keys
from boxbuild.audit.columns.pairs import Floats, Ints, Mask, Pairs, stacked
from boxbuild.audit.columns.quantities import PLACE, Buckets
from boxbuild.audit.columns.rows import coded, heads, windows
from boxbuild.audit.flows import Flows
from boxbuild.audit.money import DUST, HALF_CENT, NOISE, Key, Sum, Total
from boxbuild.audit.tally import Tally
from boxbuild.plan.plan import Plan

ONE: Final = Pairs.one(Decimal(1))
YEAR: Final = Pairs.one(Decimal(365))

CHARGED: Final = frozenset({"duty", "surcharge", "antidumping"})


@dataclass(frozen=True)
class Amounts:
    """Amounts of one account in home currency: bucket in which each is paid, key, and how much it is."""

    account: str
    bucket: Ints
    key: pl.Series
    amount: Pairs

    def where(self, kept: Mask) -> Amounts:
        """Return some of them."""
        return Amounts(self.account, self.bucket[kept], self.key.filter(kept), self.amount[kept])


@dataclass(frozen=True)
class Book:
    """The amounts that a plan should have, added up by account, bucket and key.

    Parameters
    ----------
    accounts, keys
        Names that ``place`` is made of.
    place
        Rising: ``(account × buckets + bucket) × keys + key``.
    count, amount, present
        How many amounts there are in each place, their sum, and what that is worth on the first day.
    """

    accounts: tuple[str, ...]
    keys: pl.DataFrame
    buckets: int
    place: Ints
    count: Ints
    amount: Pairs
    present: Pairs

    @classmethod
    def of(cls, parts: list[Amounts], tables: Tables) -> Book | None:
        """Return amounts added up; ``None`` where there are none."""
        parts = [part for part in parts if len(part.bucket)]
        if not parts:
            return None
        accounts = tuple(dict.fromkeys(part.account for part in parts))
        named = [part.key.to_frame("key") for part in parts]
        keys = pl.concat([frame[heads(frame)[1]] for frame in named]).unique(maintain_order=True)
        buckets, height = tables.buckets, keys.height
        places = [
            (accounts.index(part.account) * buckets + part.bucket) * height + coded(frame, keys)
            for part, frame in zip(parts, named, strict=True)
        ]
        place, cell, count = np.unique(np.concatenate(places), return_inverse=True, return_counts=True)
        amount = stacked([part.amount for part in parts]).summed(cell, len(place))
        factor = _factors(tables)[place // height % buckets]
        return cls(accounts, keys, buckets, place, count, amount, amount * factor)

    @property
    def total(self) -> Total:
        """The discounted total."""
        gross = float(np.abs(self.present.high).sum())
        return Total(self.present.total(), Decimal(gross), int(self.count.sum()))

    def lines(self, accounts: frozenset[str]) -> dict[Key, Sum]:
        """Return the sums of some accounts by account, bucket and key."""
        height = self.keys.height
        wanted = [place for place, name in enumerate(self.accounts) if name in accounts]
        chosen = np.flatnonzero(np.isin(self.place // height // self.buckets, wanted))
        found = {}
        for row in chosen.tolist():
            place = int(self.place[row])
            account, bucket = divmod(place // height, self.buckets)
            key = (self.accounts[account], bucket, str(self.keys["key"][place % height]))
            found[key] = Sum(int(self.count[row]), _decimal(self.amount, row), _decimal(self.present, row))
        return found


def expected(flows: Buckets) -> Book | None:
    """Return the amounts of a plan; ``None`` where they need more than flows and tables of the network.

    What the law book makes, and what is under a scheme or claimed under an agreement, is computed row by row.
    """
    if by_rows(flows.plan, flows.tables):
        return None
    settled = committing.lines(Commitments.of(flows.plan), flows.tables.reading)
    parts = [*_amounts(flows), *opened(flows.plan, flows.tables), *map(_amount, settled)]
    return Book.of(parts, flows.tables)


def by_rows(plan: Plan, tables: Tables) -> bool:
    """Return whether amounts of a plan follow from the law book, from schemes, claims or grants."""
    reading = tables.reading
    granted = reading.applications or reading.subsidised
    return bool(reading.law.by_book or plan["exempt"].height or plan["preferences"].height or granted)


def opened(plan: Plan, tables: Tables) -> list[Amounts]:
    """Return what the options of a plan cost."""
    taken = Flows(taken=dict(plan["options"].select("option", "bucket").iter_rows()))
    return [_amount(line) for line in opening.lines(taken, tables.reading)]


def ledger(flows: Buckets, book: Book) -> Tally | None:
    """Check every line of the ledger; see :func:`boxbuild.audit.money.ledger`."""
    tally = Tally("ledger", "accounts × keys × buckets", "half a hundredth a line")
    stated, height = flows.plan["ledger"], book.keys.height
    account = coded(stated.select("account"), pl.DataFrame({"account": book.accounts}))
    key = coded(stated.select("key"), book.keys)
    place = np.where(
        (account < 0) | (key < 0), -1, (account * book.buckets + stated["bucket"].to_numpy()) * height + key
    )
    at = np.searchsorted(book.place, place)
    at = np.where((at < len(book.place)) & (book.place[np.minimum(at, len(book.place) - 1)] == place), at, -1)
    strange = stated.filter(at < 0)
    if ((strange["amount"] != 0) | (strange["present"] != 0)).any():
        return None
    named, at = stated.filter(at >= 0), at[at >= 0]
    count = np.bincount(at, minlength=len(book.place))
    if (count > book.count).any():
        return None
    said = count > 0
    fine = [(np.maximum(np.abs(book.amount.high), np.abs(book.present.high))[~said] <= float(HALF_CENT + DUST)).all()]
    for name, should in (("amount", book.amount), ("present", book.present)):
        found = Pairs.of(named[name]).summed(at, len(book.place))
        off = should.distance(found)[said]
        allowed = float(HALF_CENT) * count[said] + float(DUST) + float(NOISE) * np.abs(should.high[said])
        fine.append((off <= allowed).all())
        tally.deviation = max(tally.deviation, Decimal(repr(float(off.max(initial=0.0)))))
    tally.count = len(book.place) + strange.select("account", "bucket", "key").unique().height
    return tally if all(fine) else None


def _amounts(flows: Buckets) -> Iterator[Amounts]:
    yield from buying(flows.tables, flows.buys)
    yield from carrying(flows.tables, flows.shipments)
    yield conversion(flows.tables, flows.builds)
    yield from _making(flows)
    yield from _serving(flows)


def buying(tables: Tables, made: Moves) -> Iterator[Amounts]:
    """Yield what buys cost when they are ordered, and the duty on arrival."""
    key = joined_keys(made.frame.select("offer", "destination"))
    rate = home(tables, "sources", made.row, made.bucket) * made.quantity
    price, markup, freight = (tables.number("sources", name)[made.row] for name in ("price", "markup", "freight"))
    material = Amounts("material", made.bucket, key, price * rate)
    yield material
    marked = tables.network["sources"]["terms"].is_in(MARKED_UP).gather(made.row).to_numpy() & (markup.high != 0)
    yield Amounts("markup", made.bucket, key, material.amount * markup).where(marked)
    yield Amounts("freight", made.bucket, key, freight * rate).where(freight.high != 0)
    offers = tables.network["sources"].select("item", "supplier", "origin")[made.row]
    worth = price + freight + tables.number("sources", "royalty")[made.row]
    value = worth[made.part] * home(tables, "sources", made.row[made.part], made.arrival)
    goods = pl.DataFrame(
        {
            "item": offers["item"],
            "left": offers["supplier"],
            "arrived": made.frame["destination"],
            "origin": offers["origin"],
        }
    )
    yield from _duty(tables, made, goods, value, key)


def carrying(tables: Tables, made: Moves) -> Iterator[Amounts]:
    """Yield what shipments cost when they depart, and the duty on arrival."""
    key = joined_keys(made.frame.select("origin", "destination", "mode", "lane_item", "item"))
    item = coded(made.frame.select("item"), tables.network["items"].select("item"))
    lane = {name: tables.number("lanes", name)[made.row] for name in ("per_unit", "per_kg", "insurance")}
    each = lane["per_unit"] + lane["per_kg"] * tables.number("items", "weight_kg")[item]
    freight = each * made.quantity * home(tables, "lanes", made.row, made.bucket)
    yield Amounts("freight", made.bucket, key, freight).where(each.high != 0)
    value = tables.number("items", "value")[item]
    insurance = lane["insurance"] * value * made.quantity * home(tables, "items", item, made.bucket)
    yield Amounts("insurance", made.bucket, key, insurance).where(lane["insurance"].high != 0)
    part, into = made.part, made.arrival
    worth = (value * (ONE + lane["insurance"]))[part] * home(tables, "items", item[part], into)
    carriage = each[part] * home(tables, "lanes", made.row[part], into)
    goods = made.frame.select("item", left="origin", arrived="destination", origin=pl.lit(None, dtype=pl.String))
    yield from _duty(tables, made, goods, worth + carriage, key)


def _duty(tables: Tables, made: Moves, goods: pl.DataFrame, value: Pairs, key: pl.Series) -> Iterator[Amounts]:
    """Yield what goods pay on arrival by the table ``duties``, of the value of one unit of each part.

    What enters a special economic zone does not pay; what leaves one for another place in its country does.
    """
    if tables.reading.law.off or tables.network["duties"].is_empty() or not len(made.part):
        return
    run, first = heads(goods)
    sites = tables.network["sites"]
    left = sites.select(left="site", from_country="country", from_regime="regime")
    arrived = sites.select(arrived="site", country="country", regime="regime")
    kinds = (
        goods[first]
        .join(left, on="left", how="left", maintain_order="left")
        .join(arrived, on="arrived", how="left", maintain_order="left")
        .join(tables.network["items"].select("item", "hs"), on="item", how="left", maintain_order="left")
        .with_columns(pl.coalesce("origin", "from_country"))
        .with_columns(
            zoned=(pl.col("origin") == pl.col("country"))
            & (pl.col("from_country") == pl.col("country"))
            & (pl.col("from_regime") == ZONE)
        )
        .with_columns(pl.when("zoned").then(pl.lit(ABROAD)).otherwise("origin").alias("origin"))
    )
    pays = ((kinds["regime"] != ZONE) & ((kinds["origin"] != kinds["country"]) | kinds["zoned"])).to_numpy()
    named, kind = kinds.select("country", "hs", "origin"), run[made.part]
    asked, code = np.unique(kind * tables.buckets + made.arrival, return_inverse=True)
    rates = []
    for one in asked.tolist():
        of, bucket = divmod(one, tables.buckets)
        country, hs, origin = named.row(of)
        paid = tables.reading.duties.rate(country, hs, None if origin == ABROAD else origin, tables.days.edges[bucket])
        rates.append(paid if pays[of] else Decimal(0))
    rate = _numbers(rates)[code]
    duty = Amounts("duty", made.arrival, key.gather(made.part), rate * value * made.arrived)
    yield duty.where(duty.amount.high != 0)


def conversion(tables: Tables, made: Moves) -> Amounts:
    """Return what builds cost."""
    cost = tables.number("operations", "cost")[made.row]
    key = joined_keys(made.frame.select("site", "item", "option"))
    amount = cost * made.quantity * home(tables, "operations", made.row, made.bucket)
    return Amounts("conversion", made.bucket, key, amount).where(cost.high != 0)


def _making(flows: Buckets) -> Iterator[Amounts]:
    tables, plan = flows.tables, flows.plan
    worked = plan["capacity"].filter(pl.col("overtime") != 0)
    yield overtime(tables, worked.select("resource"), worked["bucket"].to_numpy(), Pairs.of(worked["overtime"]))
    stock = plan["stock"]
    yield holding(tables, stock.select(PLACE), stock["bucket"].to_numpy(), Pairs.of(stock["quantity"]))


def overtime(tables: Tables, names: pl.DataFrame, bucket: Ints, quantity: Pairs) -> Amounts:
    """Return what overtime of resources costs."""
    row = overtime_rows(tables, names, bucket)
    cost = tables.number("resources", "overtime_cost")[row] * quantity * home(tables, "resources", row, bucket)
    return Amounts("overtime", bucket, names["resource"], cost).where((row >= 0) & (cost.high != 0))


def holding(tables: Tables, places: pl.DataFrame, bucket: Ints, quantity: Pairs) -> Amounts:
    """Return what stock at the end of buckets costs."""
    item = coded(places.select("item"), tables.network["items"].select("item"))
    days = Pairs.whole(tables.lengths[bucket])
    yearly = tables.number("items", "value") * Pairs.one(tables.reading.settings.holding_rate) / YEAR
    held = yearly[item] * days * quantity * home(tables, "items", item, bucket)
    return Amounts("holding", bucket, joined_keys(places), held).where(held.high != 0)


def overtime_rows(tables: Tables, worked: pl.DataFrame, bucket: Ints) -> Ints:
    """Return the row of resources that prices the overtime of each resource in each bucket; -1 where there is none.

    Of the rows that give overtime on a day of the bucket, one that holds on its first day; of several, one without an
    option, then the one that began first.
    """
    rows = tables.network["resources"].with_row_index("row")
    first, last = windows(rows, tables.days.start)
    starts = np.maximum(first, tables.ready["resources"])
    rows = rows.select("row", "resource", needs=pl.col("option").is_not_null(), gives=pl.col("overtime_per_week") != 0)
    asked = worked.with_row_index("asked").with_columns(bucket=pl.Series(bucket, dtype=pl.Int64))
    each = asked.join(rows.filter("gives"), on="resource")
    row, at = each["row"].cast(pl.Int64).to_numpy(), each["bucket"].to_numpy()
    left, right = tables.edges[at], tables.edges[at + 1]
    counts = np.minimum(right, last[row] + 1) > np.maximum(left, starts[row])
    best = (
        each.with_columns(later=pl.Series(first[row] > left), first=pl.Series(first[row]))
        .filter(counts)
        .sort("later", "needs", "first", "row")
        .unique("asked", keep="first")
    )
    found = np.full(worked.height, -1, dtype=np.int64)
    found[best["asked"].cast(pl.Int64).to_numpy()] = best["row"].cast(pl.Int64).to_numpy()
    return found


def _serving(flows: Buckets) -> Iterator[Amounts]:
    tables, deliveries = flows.tables, flows.plan["deliveries"]
    bucket = deliveries["bucket"].to_numpy()
    late = np.maximum(tables.edges[bucket] - tables.edges[tables.due_bucket[flows.demanded]], 0)
    yield lateness(tables, flows.demanded, bucket, late, Pairs.of(deliveries["quantity"]))
    short = flows.plan["shortages"]
    row = coded(short.select("demand"), tables.demand.select("demand"))
    yield losses(tables, row, Pairs.of(short["quantity"]))


def lateness(tables: Tables, row: Ints, bucket: Ints, late: Ints, quantity: Pairs) -> Amounts:
    """Return what late deliveries of rows of demand cost, in the bucket of the delivery."""
    stated = tables.network["demand"]["late_per_day"].is_not_null().to_numpy()
    by_rate = tables.number("demand", "price") * Pairs.one(tables.reading.settings.late_rate)
    per_day = _either(stated, tables.number("demand", "late_per_day"), by_rate)[row]
    cost = per_day * Pairs.whole(late) * quantity * home(tables, "demand", row, bucket)
    paid = Amounts("late", bucket, tables.demand["demand"].gather(row), cost)
    return paid.where((late > 0) & (per_day.high != 0))


def losses(tables: Tables, row: Ints, quantity: Pairs) -> Amounts:
    """Return what units of rows of demand cost that are never delivered, in the bucket in which they were due."""
    demand = tables.network["demand"]
    item = coded(demand.select("item"), tables.network["items"].select("item"))
    stated, priced = (demand[name].is_not_null().to_numpy() for name in ("lost_cost", "price"))
    unit = _either(
        stated,
        tables.number("demand", "lost_cost"),
        _either(priced, tables.number("demand", "price"), tables.number("items", "value")[item]),
    )
    due = tables.due_bucket[row]
    row, quantity, due = row[due >= 0], quantity[due >= 0], due[due >= 0]
    own = home(tables, "demand", row, due)
    rate = _either((stated | priced)[row], own, home(tables, "items", item[row], due))
    cost = unit[row] * rate * quantity
    return Amounts("lost", due, tables.demand["demand"].gather(row), cost).where(cost.high != 0)


def home(tables: Tables, table: str, row: Ints, bucket: Ints) -> Pairs:
    """Return the home currency for one unit of the currency of rows of a table, in buckets."""
    own = tables.reading.settings.home_currency
    currencies = tables.network[table]["currency"].fill_null(own)
    names = currencies.unique(maintain_order=True)
    if names.to_list() == [own]:
        return ONE
    code = coded(currencies.to_frame("currency"), names.to_frame("currency"))
    used = np.unique(code[row])
    rate = np.zeros((len(names), tables.buckets)), np.zeros((len(names), tables.buckets))
    for one in used.tolist():
        for at in range(tables.buckets):
            number = Pairs.one(tables.reading.exchange.rate(str(names[one]), at))
            rate[0][one, at], rate[1][one, at] = number.high[0], number.low[0]
    return Pairs(rate[0][code[row], bucket], rate[1][code[row], bucket])


def _factors(tables: Tables) -> Pairs:
    return _numbers([tables.days.factor(bucket) for bucket in range(tables.buckets)])


def _numbers(values: list[Decimal]) -> Pairs:
    high: Floats = np.array([float(value) for value in values], dtype=np.float64)
    low = [float(value - Decimal(near)) for value, near in zip(values, high.tolist(), strict=True)]
    return Pairs(high, np.array(low, dtype=np.float64))


def _either(holds: Mask, one: Pairs, other: Pairs) -> Pairs:
    return Pairs(np.where(holds, one.high, other.high), np.where(holds, one.low, other.low))


def _amount(line: Line) -> Amounts:
    return Amounts(line.account, np.array([line.bucket]), pl.Series([line.key]), Pairs.one(line.amount))


def _decimal(column: Pairs, row: int) -> Decimal:
    return Decimal(float(column.high[row])) + Decimal(float(column.low[row]))
