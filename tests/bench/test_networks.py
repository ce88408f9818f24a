"""Networks by seed: the same one twice, free of errors, and of the size that they are called by."""

import pytest
from bench.networks import SHAPES, network

from boxbuild.errors import UsageError
from boxbuild.model.assemble import assemble
from boxbuild.network.checks import check


@pytest.mark.parametrize("size", [6e3, 6e4, 5e5])
def test_nothing_is_wrong_with_a_network(size: float) -> None:
    assert not check(network(size))


def test_nothing_is_wrong_with_options_and_ladders() -> None:
    assert not check(network(6e4, options=True))


def test_a_seed_gives_the_same_network_twice() -> None:
    assert network(6e4).digest == network(6e4).digest
    assert network(6e4).digest != network(6e4, seed=8).digest


@pytest.mark.parametrize("size", [6e3, 6e4])
def test_a_size_is_about_the_nonzeros_of_the_model(size: float) -> None:
    assert assemble(network(size)).sizes["nonzeros"] == pytest.approx(size, rel=0.3)


def test_only_options_and_ladders_bring_integers() -> None:
    assert assemble(network(6e3)).sizes["integers"] == 0
    assert assemble(network(6e3, options=True)).sizes["integers"] > 0


def test_options_change_no_other_table() -> None:
    plain, richer = network(6e3), network(6e3, options=True)
    added = {"options", "resources", "tiers"}
    assert {name for name in plain.tables if not plain[name].equals(richer[name])} == added


def test_every_size_has_a_network_that_grows() -> None:
    rows = [sum(frame.height for frame in network(size).tables.values()) for size in sorted(SHAPES)[:4]]
    assert rows == sorted(rows)


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(UsageError, match="no size 1234"):
        network(1234)
