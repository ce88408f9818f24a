"""The ledger: every money amount of a plan, one line each, in exact decimals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.law.law import Law
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.contracts import shortfall, tier
from boxbuild.plan.ledger.conversion import conversion
from boxbuild.plan.ledger.customs import customs
from boxbuild.plan.ledger.exact import CONTEXT, Exact
from boxbuild.plan.ledger.exemption import exemption
from boxbuild.plan.ledger.exports import exports
from boxbuild.plan.ledger.freight import bought_freight, insurance, lane_freight
from boxbuild.plan.ledger.granting import incentive, subsidy
from boxbuild.plan.ledger.holding import holding
from boxbuild.plan.ledger.lines import ACCOUNTS, Lines, assemble, present_sum
from boxbuild.plan.ledger.material import markup, material
from boxbuild.plan.ledger.options import capex, opex, residual
from boxbuild.plan.ledger.overtime import overtime
from boxbuild.plan.ledger.preference import preference
from boxbuild.plan.ledger.service import late, lost
from boxbuild.plan.ledger.targets import target

if TYPE_CHECKING:
    from boxbuild.network.network import Network

_ACCOUNTS: Final[tuple[Callable[[Book], Lines], ...]] = (
    material,
    markup,
    bought_freight,
    lane_freight,
    insurance,
    conversion,
    overtime,
    holding,
    late,
    lost,
    shortfall,
    tier,
    capex,
    opex,
    residual,
    incentive,
    subsidy,
    target,
)


def ledger(
    network: Network,
    tables: Mapping[str, pl.DataFrame],
    arrivals: Mapping[str, pl.DataFrame] | None = None,
    law: Law | None = None,
) -> pl.DataFrame:
    """Return every money amount of a plan.

    One line stands for one account, bucket of payment and key. Amounts are added up exactly and rounded once,
    half up to the hundredth; lines of nothing are left out.

    Parameters
    ----------
    network
        The network that prices the plan.
    tables
        The tables of the plan (see :data:`boxbuild.plan.schemas.SCHEMAS`); ``ledger`` and ``orders`` are not
        read.
    arrivals
        ``buys`` and ``shipments`` with one more column, ``arrival``: the bucket in which each quantity
        arrives. For lot-sized orders. Without it, flows arrive spread over buckets.
    law
        What the plan obeys; without it, the network's own law.

    Returns
    -------
    DataFrame
        Schema ``ledger``, sorted by account, bucket and key. ``amount`` and ``present`` (discounted to the
        plan's start) are in home currency. ``quantity`` is in the unit that is paid for.

    Raises
    ------
    DataError
        A flow has no row of the network in force, or a currency has no rate.
    """
    with localcontext(CONTEXT):
        return assemble(*_priced(network, tables, arrivals, law))


def present_cost(
    network: Network,
    tables: Mapping[str, pl.DataFrame],
    arrivals: Mapping[str, pl.DataFrame] | None = None,
    law: Law | None = None,
) -> Decimal:
    """Return the sum of ``present`` over the lines of a ledger (see :func:`ledger`), which are not written."""
    with localcontext(CONTEXT):
        return present_sum(*_priced(network, tables, arrivals, law))


def _priced(
    network: Network,
    tables: Mapping[str, pl.DataFrame],
    arrivals: Mapping[str, pl.DataFrame] | None,
    law: Law | None,
) -> tuple[list[Lines], Exact]:
    """Return the lines of all accounts, and the discount factors; the book, whose rows are wide, is let go of."""
    book = Book(network, tables, law or Law.of(network), arrivals)
    parts = [account(book) for account in _ACCOUNTS]
    parts += [*customs(book), *exports(book), *exemption(book), *preference(book)]
    return parts, book.factors


def totals(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the ledger added up by account.

    Parameters
    ----------
    lines
        A ledger.

    Returns
    -------
    DataFrame
        ``account``, ``lines``, ``amount`` and ``present``, in the order of the accounts; those without a line
        are left out.
    """
    ranks = pl.DataFrame({"account": ACCOUNTS, "rank": range(len(ACCOUNTS))})
    summed = lines.group_by("account").agg(pl.len().alias("lines"), pl.col("amount", "present").sum())
    return summed.join(ranks, on="account").sort("rank").drop("rank")
