"""Terms and places: the matrix comes back from them, entry by entry."""

from __future__ import annotations

import numpy as np
import pytest
from bench.networks import network
from hypothesis import given, settings
from tests.building import small_network, with_settings
from tests.laws.networks import networks
from tests.model.every_family import every_family
from tests.solve.structured.plainly import entries, example

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.solve.structured.problem import problem


def _comes_back(model: Model) -> None:
    laid = problem(model)
    where, width = laid.places, laid.buckets
    column = np.full((laid.arcs, width), -1)
    column[where.arc, where.arc_bucket] = np.arange(where.arc.size)
    row = np.full((laid.chains, width), -1)
    chained = where.chain >= 0
    row[where.chain[chained], where.chain_bucket[chained]] = np.flatnonzero(chained)
    single = np.full(laid.singles, -1)
    single[-1 - where.chain[~chained]] = np.flatnonzero(~chained)
    chain, chain_bucket, arc, arc_bucket, value = entries(laid.bands.chains)
    rebuilt = np.zeros(model.matrix.shape)
    np.add.at(rebuilt, (row[chain, chain_bucket], column[arc, arc_bucket]), value)
    chain, _, arc, arc_bucket, value = entries(laid.bands.singles)
    np.add.at(rebuilt, (single[chain], column[arc, arc_bucket]), value)
    assert np.array_equal(rebuilt, model.matrix.toarray())
    assert np.array_equal(laid.exists, column >= 0)
    assert np.array_equal(laid.of_columns(laid.cost), model.cost)
    assert np.array_equal(laid.of_rows(laid.low, laid.single_low), model.row_lower)
    assert np.array_equal(laid.of_rows(laid.high, laid.single_high), model.row_upper)


@pytest.mark.parametrize("buckets", ["8w", "3w+1m", "14d+6w"])
def test_the_matrix_comes_back_from_its_terms(buckets: str) -> None:
    """Every entry is in one term, whatever the calendar."""
    _comes_back(assemble(with_settings(small_network(), buckets=buckets)))


def test_the_matrix_of_every_family_comes_back() -> None:
    """Rows and columns of every kind have their places, those without a bucket, too."""
    _comes_back(assemble(every_family()))
    _comes_back(example("tiny"))


@settings(max_examples=10, derandomize=True, database=None)
@given(networks())
def test_the_matrix_of_a_strange_network_comes_back(network: Network) -> None:
    """Windows that end in the middle, lead times over two borders, offers cut in two: nothing is lost."""
    model = assemble(network)
    if model.flows.nodes.height:
        _comes_back(model)


def test_terms_are_far_fewer_than_entries() -> None:
    """What repeats in time is told once."""
    model = assemble(network(6e3))
    laid = problem(model)
    assert laid.bands.chains.arc.size + laid.bands.singles.arc.size < model.matrix.nnz / 3


def test_prices_and_quantities_go_there_and_back() -> None:
    """Laying out and taking back is the identity."""
    model = assemble(every_family())
    laid = problem(model)
    random = np.random.default_rng(1)
    columns, rows = random.normal(size=model.cost.size), random.normal(size=model.row_lower.size)
    assert np.array_equal(laid.of_columns(laid.on_arcs(columns)), columns)
    assert np.array_equal(laid.of_rows(*laid.on_chains(rows)), rows)
