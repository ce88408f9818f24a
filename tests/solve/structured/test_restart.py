"""A restart is a new beginning: nothing of what was before it is left in the iterations."""

from __future__ import annotations

import numpy as np
from bench.networks import network

from boxbuild.model.assemble import assemble
from boxbuild.solve.structured.bounds import Bounder
from boxbuild.solve.structured.method import Iterate, Method
from boxbuild.solve.structured.metric import first_sizes, metric
from boxbuild.solve.structured.problem import problem


def test_a_restart_is_a_new_beginning_from_its_point() -> None:
    """A method that just restarted and one that begins at its point take the same step, prices of contracts and all."""
    model = assemble(network(6e3))
    laid = problem(model)
    prices = Bounder(model, laid).unlimited()
    start = Iterate(np.zeros((laid.arcs, laid.buckets)), prices, np.zeros(laid.singles))
    method = Method(laid, metric(laid, first_sizes(laid, prices.mean(axis=1) * laid.link)), start)
    checked = 0
    while method.iterations < 600:
        before = method.restarts
        method.iterate(1)
        at = method.point()
        if method.restarts == before or not at.single_prices.any():
            continue
        fresh = Method(laid, method.metric, at, method.balance)
        fresh.iterate(1)
        method.iterate(1)
        np.testing.assert_allclose(method.point().quantities, fresh.point().quantities, rtol=1e-6)
        np.testing.assert_allclose(method.point().prices, fresh.point().prices, rtol=1e-6)
        checked += 1
    assert checked
