"""A money amount that the audit expects."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Line(NamedTuple):
    """One amount in home currency: what it is for, and the bucket in which it is paid."""

    account: str
    bucket: int
    key: str
    amount: Decimal
