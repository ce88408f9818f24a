"""What imports pay: published examples, and the agreement of the two sides on random goods and random law."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boxbuild.law.book import Book
from boxbuild.law.charges import ACCOUNTS, GOODS, Charges
from boxbuild.law.customs import Entry, assess, charges
from boxbuild.law.law import Law
from boxbuild.law.parameter import Goods, Parameter, Value
from boxbuild.law.steps import STEP_ACCOUNTS
from boxbuild.network import catalogue
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

START = date(2023, 6, 5)


def parameter(
    name: str, number: str | Decimal, goods: Goods | None = None, since: date = date(2020, 1, 1), unit: str = "percent"
) -> Parameter:
    """Return a parameter with one value; its levy is the second word of its name."""
    value = Value(since, Decimal(number), None, since, "instrument", "reference")
    return Parameter(name, name, name[:2].upper(), name.split(".")[1], unit, goods, (value,))


def law_of(
    *parameters: Parameter,
    duties: list[tuple[str, str, str | None, date | None, float]] | None = None,
    **settings: object,
) -> Law:
    columns = ("country", "hs", "origin", "from", "rate")
    schema = {name: catalogue.table("duties").schema[name] for name in columns}
    table = pl.DataFrame(duties or [], schema=schema, orient="row")
    network = Network(Settings(START, **{"buckets": "2w", "law": "book", **settings}), {"duties": table})  # type: ignore[arg-type]
    return Law(network, Book({one.id: one for one in parameters}))


BASIC = (parameter("in.bcd.x", "10"), parameter("in.sws", "10"), parameter("in.igst.x", "18"))


def test_the_published_example() -> None:
    """FOB 1000, insurance 11.25, freight 200 at 10 % and 18 %, as indiancustoms.info works it."""
    values = {"fob": Decimal(1000), "insurance": Decimal("11.25"), "freight": Decimal(200)}
    trace = assess(law_of(*BASIC, igst_stuck=Decimal(1)), Entry("IN", "x", "85177990", "CN"), values, START)
    steps = {part.rule: part.value for part in trace.parts}
    assert steps["customs.assessable"] == Decimal("1211.25")
    assert steps["customs.basic"] == Decimal("121.125")
    assert steps["customs.surcharge"] == Decimal("12.1125")
    assert steps["customs.integrated_tax"] == Decimal("242.00775")
    assert trace.value == Decimal("375.24525")


def test_ten_percent_are_eleven() -> None:
    """With its surcharge a duty of 10 % is 11 % of the value."""
    found = charges(assess(law_of(*BASIC), Entry("IN", hs="8517", origin="CN"), {"fob": Decimal(100)}, START))
    assert found == {"duty": Decimal(10), "surcharge": Decimal(1)}


def test_tax_that_is_credited_costs_interest() -> None:
    """A tenth is never credited; the rest comes back after 73 days, a fifth of a year, at 10 %."""
    law = law_of(*BASIC, igst_stuck=Decimal("0.1"), igst_credit_days=73, finance_rate=Decimal("0.1"))
    found = charges(assess(law, Entry("IN", hs="8517", origin="CN"), {"fob": Decimal(1000)}, START))
    assert found["igst"] == Decimal("199.8") * (Decimal("0.1") + Decimal("0.9") * Decimal("0.02"))


def test_the_landing_charge_adds_to_the_value() -> None:
    """Until September 2017 the assessable value was 101 % of the value on arrival."""
    law = law_of(parameter("in.bcd.x", "10"), parameter("in.landing", "1"))
    assert assess(law, Entry("IN", hs="8517", origin="CN"), {"fob": Decimal(100)}, START).value == Decimal("10.1")


def test_a_row_of_the_table_takes_the_place_of_duty_and_surcharge() -> None:
    """Integrated tax stays, on a value that includes what the row says."""
    law = law_of(*BASIC, duties=[("IN", "8517", None, None, 0.2)], igst_stuck=Decimal(1))
    found = charges(assess(law, Entry("IN", hs="85177990", origin="CN"), {"fob": Decimal(100)}, START))
    assert found == {"duty": Decimal(20), "igst": Decimal("21.6")}


@pytest.mark.parametrize(
    ("rvc", "shift", "duty"), [("0.35", True, 2), ("0.34", True, 10), ("0.35", False, 10), (None, True, 10)]
)
def test_a_preference_is_earned(rvc: str | None, shift: bool, duty: int) -> None:
    """The rate of an agreement needs the claim, the value content and the change of classification."""
    law = law_of(
        *BASIC,
        parameter("in.bcd.aifta", "2", Goods(agreement="aifta")),
        parameter("in.origin.aifta.rvc", "35"),
        parameter("in.origin.aifta.tariff_shift", "6", unit="digits"),
    )
    content = Decimal(rvc) if rvc else None
    claimed = Entry("IN", hs="8517", origin="VN", agreement="aifta", rvc=content, tariff_shift=shift)
    trace = assess(law, claimed, {"fob": Decimal(100)}, START)
    assert charges(trace)["duty"] == duty
    assert bool(trace.note) == (duty == 10)
    assert charges(assess(law, Entry("IN", hs="8517", origin="VN"), {"fob": Decimal(100)}, START))["duty"] == 10


def test_goods_of_the_country_pay_nothing() -> None:
    """Nor does anything when the plan obeys no law."""
    assert assess(law_of(*BASIC), Entry("IN", hs="8517", origin="IN"), {"fob": Decimal(100)}, START).value == 0
    assert (
        assess(law_of(*BASIC, law="off"), Entry("IN", hs="8517", origin="CN"), {"fob": Decimal(100)}, START).value == 0
    )


def test_law_that_is_not_known_yet_does_not_count() -> None:
    """A plan of one day knows what was published by then."""
    later = Parameter(
        "in.bcd.x",
        "x",
        "IN",
        "bcd",
        "percent",
        None,
        (
            Value(date(2020, 1, 1), Decimal(10), None, date(2020, 1, 1), "i", "r"),
            Value(date(2023, 6, 1), Decimal(5), None, date(2023, 5, 20), "i", "r"),
        ),
    )
    entry, value = Entry("IN", hs="8517", origin="CN"), {"fob": Decimal(100)}
    assert assess(law_of(later), entry, value, START).value == 5
    assert assess(law_of(later, known_on=date(2023, 5, 19)), entry, value, START).value == 10


COUNTRIES = ["CN", "DE", "VN"]
CODES = ["85", "8517", "851779", "85177990"]
WORDS = [None, "a", "a", "b"]


def random_parameters(draw: Random) -> list[Parameter]:
    """Return parameters of which many match the same goods, some by an agreement, some for a time only."""
    found = []
    for number in range(draw.randint(5, 20)):
        named = [draw.choice(["a", None, None]) for _ in range(3)]
        some = [draw.choice(COUNTRIES)]
        origin, not_origin = draw.choice([(some, []), ([], some), ([], []), ([], [])])
        codes = draw.sample(CODES, draw.randint(0, 2))
        goods = Goods(tuple(codes), named[0], named[1], tuple(origin), tuple(not_origin), named[2])
        values = []
        for day in sorted(draw.sample(range(-20, 12), draw.randint(1, 2))):
            since = START + timedelta(days=day)
            until = draw.choice([None, None, since + timedelta(days=draw.randint(0, 20))])
            published = since - timedelta(days=draw.randint(-3, 20))
            values.append(Value(since, Decimal(draw.randint(0, 300)), until, published, "i", "r"))
        country = draw.choice(["IN", "IN", "IN", "DE"])
        levy = draw.choice(["bcd", "bcd", "bcd", "sws", "igst", "antidumping", "landing"])
        name = f"{country.lower()}.{levy}.x{number}"
        found.append(Parameter(name, name, country, levy, "percent", goods, tuple(values)))
    if draw.random() < 0.8:
        found.append(parameter("in.origin.a.rvc", str(draw.randint(0, 80))))
    if draw.random() < 0.6:
        found.append(parameter("in.origin.a.tariff_shift", draw.choice(["0", "4"]), unit="digits"))
    return found


def random_entry(draw: Random) -> Entry:
    return Entry(
        country=draw.choice(["IN", "IN", "IN", "DE", "FR"]),
        hs=draw.choice([None, "90", "8517", "85177990", "85177990", "85177990"]),
        origin=draw.choice([None, "IN", *COUNTRIES, *COUNTRIES]),
        form=draw.choice(WORDS),
        end_use=draw.choice(WORDS),
        agreement=draw.choice(WORDS),
        rvc=draw.choice([None, Decimal(draw.randint(0, 100)) / 100, Decimal(draw.randint(40, 100)) / 100]),
        tariff_shift=draw.choice([None, False, True, True]),
    )


def random_rows(draw: Random) -> list[tuple[str, str, str | None, date | None, float]]:
    rows = {}
    for _ in range(draw.choice([0, 0, 1, 3])):
        origin = draw.choice([None, "CN"])
        since = draw.choice([None, START + timedelta(days=draw.randint(-9, 9))])
        key = ("IN", draw.choice(["8517", "851779", "90"]), origin, since)
        rows[key] = (*key, draw.randint(0, 40) / 100)
    return list(rows.values())


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=True))
def test_both_sides_agree(draw: Random) -> None:
    """A fraction of the vectorised side is what the exact side charges on a value of 1, for any goods and law."""
    law = law_of(
        *random_parameters(draw),
        duties=random_rows(draw),
        law=draw.choice(["book", "book", "book", "tables", "off"]),
        known_on=draw.choice([START, None]),
        igst_stuck=Decimal("0.1"),
        igst_credit_days=45,
        finance_rate=Decimal("0.1"),
    )
    goods = [(random_entry(draw), draw.randint(0, 1)) for _ in range(draw.choice([0, 20, 20]))]
    frame = pl.DataFrame(
        [
            {
                **{name: getattr(entry, name) for name in GOODS if name not in ("rvc", "bucket")},
                "rvc": None if entry.rvc is None else float(entry.rvc),
                "bucket": bucket,
            }
            for entry, bucket in goods
        ],
        schema=GOODS,
    )
    factors = Charges(law).factors(frame)
    assert factors.columns == list(ACCOUNTS) == list(STEP_ACCOUNTS.values())
    for (entry, bucket), fractions in zip(goods, factors.iter_rows(named=True), strict=True):
        exact = charges(assess(law, entry, {"fob": Decimal(1)}, law.day_of[bucket]))
        assert fractions == pytest.approx({name: float(exact.get(name, 0)) for name in ACCOUNTS}, abs=1e-14)
