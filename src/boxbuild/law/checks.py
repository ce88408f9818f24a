"""Checks of a network against the law that it is planned under."""

from __future__ import annotations

from boxbuild.errors import DataError
from boxbuild.law import checks_customs, checks_incentives, checks_schemes
from boxbuild.law.law import Law
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def find(network: Network) -> list[Issue]:
    """Return everything that is wrong or doubtful in what a network asks of the law.

    Parameters
    ----------
    network
        A network without errors of :func:`boxbuild.network.checks.check`.

    Returns
    -------
    list of Issue
        Errors of the network's own law, and, where that can be read, of what is imported, exported and applied
        for, and of export schemes.
    """
    try:
        law = Law.of(network)
    except DataError as error:
        return list(error.issues)
    return [*checks_customs.find(law), *checks_incentives.find(network), *checks_schemes.find(network)]
