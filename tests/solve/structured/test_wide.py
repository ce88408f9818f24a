"""Wide rows: products with them are products with the matrix."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bench.networks import network

import boxbuild
from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.solve.structured import kernels
from boxbuild.solve.structured.problem import problem
from boxbuild.solve.structured.wide import wide

EXAMPLES = Path(boxbuild.__file__).parents[2] / "examples"


@pytest.fixture(params=["6e3", "tiny", "phone-export-india"], scope="module")
def model(request: pytest.FixtureRequest) -> Model:
    """Models with whole terms, parts, and single rows."""
    name = request.param
    return assemble(network(6e3) if name == "6e3" else boxbuild.read(EXAMPLES / name))


def _times(side: kernels.Side, source: np.ndarray, count: int, width: int) -> np.ndarray:
    """What the kernels add to each row: whole terms over the whole width, parts where they are."""
    flat, out = source.reshape(-1).astype(np.float64), np.zeros((count, width))
    for row in range(count):
        for q in range(side.first[row], side.first[row + 1]):
            out[row] += side.value[q] * flat[side.at[q] : side.at[q] + width]
        for q in range(side.part_first[row], side.part_first[row + 1]):
            values = side.values[side.value_at[q] : side.value_at[q] + side.size[q]]
            read = flat[side.part_at[q] : side.part_at[q] + side.size[q]]
            out[row, side.begin[q] : side.begin[q] + side.size[q]] += values * read
    return out


def test_rows_of_quantities_give_the_matrix(model: Model) -> None:
    """By chains: minus the matrix times any quantities, in every row; single rows are summed over their windows."""
    laid = problem(model)
    rows = wide(laid)
    columns = np.random.default_rng(3).uniform(0, 10, model.cost.size)
    source = np.zeros((1 + laid.arcs, rows.width))
    source[1:, : laid.buckets] = laid.on_arcs(columns)
    found = _times(rows.by_chain, source, laid.chains + rows.strands.count, rows.width)
    singles = np.zeros(laid.singles)
    for single, begin, end in zip(rows.strands.single, rows.strands.begin, rows.strands.end, strict=True):
        singles[single] = found[laid.chains + rows.strands.strand[single], begin:end].sum()
    expected = model.matrix @ columns
    have = laid.of_rows(found[: laid.chains, : laid.buckets], singles)
    np.testing.assert_allclose(-have, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())


def test_rows_of_prices_give_the_transposed_matrix(model: Model) -> None:
    """By arcs: minus the transposed matrix times any prices, in every column that exists."""
    laid = problem(model)
    rows = wide(laid)
    prices = np.random.default_rng(4).uniform(-5, 10, model.matrix.shape[0])
    chains, singles = laid.on_chains(prices)
    source = np.zeros((1 + laid.chains + rows.strands.count, rows.width))
    source[1 : 1 + laid.chains, : laid.buckets] = chains
    rows.strands.lay(singles, source[1 + laid.chains :])
    found = _times(rows.by_arc, source, laid.arcs, rows.width)
    expected = model.matrix.T @ prices
    np.testing.assert_allclose(
        -laid.of_columns(found[:, : laid.buckets]), expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max()
    )


def test_windows_on_a_strand_do_not_meet(model: Model) -> None:
    """Of two single rows on a strand one ends before the other begins."""
    strands = wide(problem(model)).strands
    for strand in range(strands.count):
        mine = slice(strands.first[strand], strands.first[strand + 1])
        order = np.argsort(strands.begin[mine])
        assert (strands.end[mine][order][:-1] <= strands.begin[mine][order][1:]).all()
