"""Conversion: what plants charge for building, and the overtime that it takes."""

from __future__ import annotations

from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import exact
from boxbuild.plan.ledger.lines import Lines


def conversion(book: Book) -> Lines:
    """Return the cost of building, good units or not, in the bucket of the start.

    ``cost × units started``
    """
    builds = book.builds
    return Lines("conversion", builds, exact(builds["cost"]) * exact(builds["quantity"]) * book.exchange(builds))
