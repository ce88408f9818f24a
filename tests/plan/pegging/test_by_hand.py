"""A case worked out on paper: yields, scrap, two plants, transfers back and forth, and a demand that is short.

- Day 1: north starts 50 modules of 2.1 raw parts each (scrap 5 %): 105 of the 400 + 300 raw parts in stock, the oldest
  first: all of them from India. At a yield of 0.8 it has 40 good ones on day 2.
- Day 2: 30 go to south, which starts 20 devices on the same day, of 20 modules and 20 spare parts; its cases are of 20
  raw parts that north sent on the same day, and so again from India. At a yield of 0.95 it has 19 devices.
- Day 3: 19 devices go to the shop, and 12 + 7 are delivered: 12 for d1, 7 for d2.
"""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.plan.pegging.desk import orders_from, plan_of

from boxbuild.errors import UsageError
from boxbuild.plan.pegging import Pegging, pegging
from boxbuild.plan.schemas import SCHEMAS

ORDERS = """
order,kind,item,site,destination,reference,quantity,start,end
m1,build,module,north,,,50,1,2
s1,ship,module,north,south,road,30,2,2
s2,ship,raw,north,south,road,20,2,2
v1,build,device,south,,,20,2,2
b1,buy,raw,yard,north,raw-yard,80,2,4
s3,ship,device,south,shop,road,19,3,3
x1,deliver,device,shop,,d1,12,3,3
x2,deliver,device,shop,,d2,7,9,9
"""


@pytest.fixture(scope="module")
def pegs() -> Pegging:
    cases = pl.DataFrame([("v1", "case", "raw", 20.0)], schema=SCHEMAS["order_alternates"], orient="row")
    return pegging(plan_of(orders_from(ORDERS), cases))


def test_the_demand(pegs: Pegging) -> None:
    """12 of 19 devices: 12/19 of 20 modules, and of each module 2.1 / 0.8 raw parts."""
    peg = pegs.demand("d1")
    assert [(one.kind, one.quantity) for one in peg.children] == [("deliver", 12.0), ("short", 288.0)]
    orders = dict(pegs.orders(peg).select("key", "quantity").iter_rows())
    modules = 20 * 12 / 19
    assert orders == pytest.approx(
        {
            "x1": 12.0,
            "s3": 12.0,
            "v1": 12.0,
            "s1": modules,
            "m1": modules,
            "s2": modules,
            "spare@south": modules,
            "raw@north/IN/9d": modules + modules * 2.1 / 0.8,
        }
    )


def test_the_chain_is_what_came_last(pegs: Pegging) -> None:
    """The devices waited for the modules, which came on the second day; those for parts that were there."""
    chain = pegs.demand("d1").chain()
    assert [one.key for one in chain] == ["d1", "x1", "s3", "v1", "s1", "m1", "raw@north/IN/9d"]
    assert chain[4].end == date(2024, 1, 2)


def test_who_gets_the_stock_from_india(pegs: Pegging) -> None:
    """300 parts: 105 in 50 modules, of which 40 are good; 20 in cases; 175 are left."""
    root = pegs.order("raw@north/IN/9d")
    used = {one.key: one.quantity for one in root.children}
    assert used == pytest.approx({"m1": 105.0, "s2": 20.0, "raw@north": 175.0})
    fed = {row["demand"]: row for row in pegs.demands(root).iter_rows(named=True)}
    each = (105 / 40 * 20 + 20) / 19
    assert fed["d1"]["quantity"] == pytest.approx(12 * each)
    assert fed["d2"]["quantity"] == pytest.approx(7 * each)
    assert fed["d1"]["units"] == pytest.approx(12)
    left = {(item, site): quantity for item, site, quantity in pegs.left(root).iter_rows()}
    assert left == pytest.approx({("raw", "north"): 175.0, ("module", "north"): 26.25, ("module", "south"): 26.25})


def test_who_gets_the_spare_parts(pegs: Pegging) -> None:
    """20 of 500 are used, one for each device started; a device that is not good takes its part with it."""
    root = pegs.part("spare", "south")
    fed = dict(pegs.demands(root).select("demand", "quantity").iter_rows())
    assert fed == pytest.approx({"d1": 20 * 12 / 19, "d2": 20 * 7 / 19})
    assert pegs.left(root)["quantity"].sum() == pytest.approx(480)


def test_what_is_bought_and_not_used_stays(pegs: Pegging) -> None:
    root = pegs.supplier("yard")
    assert (root.quantity, root.unit_of) == (80.0, "raw")
    assert pegs.demands(root).is_empty()
    assert pegs.left(root).rows() == [("raw", "north", 80.0)]
    with pytest.raises(UsageError, match="nothing is bought"):
        pegs.supplier("yard", last=date(2024, 1, 3))


def test_late_days_are_days_after_the_due_day(pegs: Pegging) -> None:
    assert pegs.demand("d2").late_days == 0
    late = dict(pegs.deliveries().select("order", "late_days").iter_rows())
    assert late == {"x1": 0, "x2": 0}
    assert dict(pegs.shortages().iter_rows()) == {"d1": 288.0, "d2": 293.0, "d3": 300.0, "p1": 200.0}


def test_goods_sent_back_and_forth_in_a_day_end(pegs: Pegging) -> None:
    """500 spare parts go from south to north and back, and are used there, all on one day; rows in the wrong order."""
    there_and_back = """
order,kind,item,site,destination,reference,quantity,start,end
s2,ship,spare,north,south,road,650,1,1
s1,ship,spare,south,north,road,500,1,1
"""
    found = pegging(plan_of(orders_from(there_and_back)))
    for site in ("north", "south"):
        assert found.edges("spare", site)["covered"].all()
    root = found.part("spare")
    assert pegs.part("spare").quantity == root.quantity == 750.0
    assert dict(found.left(root).select("site", "quantity").iter_rows()) == {"south": 650.0, "hub": 100.0}


def test_goods_that_nobody_has_go_round_and_feed_nobody() -> None:
    """By the day, 40 devices sent to and fro balance; but nobody has them: they come from nowhere."""
    phantom = """
order,kind,item,site,destination,reference,quantity,start,end
s1,ship,device,south,north,road,40,1,1
s2,ship,device,north,south,road,40,1,1
"""
    found = pegging(plan_of(orders_from(phantom)))
    peg = found.inputs("s1")
    walked = list(peg.walk())
    assert walked[-1].kind == "uncovered"
    assert walked[-1].quantity == 40.0
    assert len(walked) <= 3


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda pegs: pegs.demand("d4"), "no demand 'd4'"),
        (lambda pegs: pegs.part("ram"), "no item 'ram'"),
        (lambda pegs: pegs.part("raw", "nort"), "no site 'nort'"),
        (lambda pegs: pegs.order("m2"), "no order, receipt or stock 'm2'"),
        (lambda pegs: pegs.supplier("yards"), "no site 'yards'"),
        (lambda pegs: pegs.resource("lime"), "no resource 'lime'"),
    ],
)
def test_what_there_is_not(pegs: Pegging, ask, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=words):
        ask(pegs)
