"""Price ladders: the units on each step follow from the units of the contract or the offer."""

from __future__ import annotations

from decimal import Decimal

from boxbuild.audit.contracts import under_contract
from boxbuild.audit.flows import Flows, joined
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Tier, decimal
from boxbuild.audit.tally import Tally, plain, slack
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)

Ladder = tuple[str | None, str | None]


def tiers(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check the units on every step of every ladder.

    all_unit: every unit is on the step that the quantity reaches; incremental: each step holds the units between
    its from_quantity and the next one's.
    """
    tally = Tally("tiers", "steps of ladders")
    stated = steps_stated(plan)
    computed = quantities(flows, reading)
    for ladder, steps in reading.ladders.items():
        quantity = computed[ladder]
        told = [stated.get((*ladder, step.from_quantity), ZERO) for step in steps]
        expected = _expected(steps, quantity, told)
        for step, units, found in zip(steps, expected, told, strict=True):
            place = ("tiers", joined(*ladder, plain(step.from_quantity)), None)
            sentence = f"of {plain(quantity)} units {plain(units)} are on this step, the table says {plain(found)}"
            tally.equal(place, units, found, quantity, sentence)
    return tally


def quantities(flows: Flows, reading: Reading) -> dict[Ladder, Decimal]:
    """Return the units that count for each ladder: of a contract in its window, of an offer all that is bought."""
    contract = under_contract(flows, reading)
    bought: dict[str, Decimal] = {}
    for buy in flows.buys:
        name = buy.offer.offer
        bought[name] = bought.get(name, ZERO) + buy.quantity
    found = {}
    for ladder in reading.ladders:
        of_contract, of_offer = ladder
        found[ladder] = contract[of_contract][0] if of_contract else bought.get(of_offer or "", ZERO)
    return found


def steps_stated(plan: Plan) -> dict[tuple[str | None, str | None, Decimal], Decimal]:
    """Return the units that a plan says are on each step."""
    rows = plan["tiers"].select("contract", "offer", "from_quantity", "quantity").iter_rows()
    return {(contract, offer, decimal(start)): decimal(quantity) for contract, offer, start, quantity in rows}


def on_steps(steps: list[Tier], quantity: Decimal) -> list[Decimal]:
    """Return the units on each step of a ladder, lowest first."""
    if steps[0].kind == "incremental":
        tops = [*(min(quantity, step.from_quantity) for step in steps[1:]), quantity]
        return [max(ZERO, top - step.from_quantity) for step, top in zip(steps, tops, strict=True)]
    reached = _reached(steps, quantity)
    return [quantity if index == reached else ZERO for index in range(len(steps))]


def _reached(steps: list[Tier], quantity: Decimal) -> int:
    return max(index for index, step in enumerate(steps) if step.from_quantity <= quantity or index == 0)


def _expected(steps: list[Tier], quantity: Decimal, told: list[Decimal]) -> list[Decimal]:
    if steps[0].kind == "incremental":
        return on_steps(steps, quantity)
    reached = _reached(steps, quantity)
    # a quantity within rounding of the next step may be counted on it: take the step that the plan chose
    chosen = max(range(len(steps)), key=lambda index: told[index])
    if told[chosen] and abs(chosen - reached) == 1:
        border = steps[max(chosen, reached)].from_quantity
        if abs(quantity - border) <= slack(quantity):
            reached = chosen
    return [quantity if index == reached else ZERO for index in range(len(steps))]
