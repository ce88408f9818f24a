"""The fingerprint of a plan: the same tables of the same network have the same one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def fingerprint(plan: Plan) -> str:
    """Return the SHA-256 of a plan's tables and of its network, in hexadecimal. Empty tables do not count."""
    total = hashlib.sha256(plan.network.digest.encode())
    for name, frame in sorted(plan.tables.items()):
        if frame.height:
            total.update(f"{name}\n".encode())
            total.update(hashlib.sha256(frame.write_csv().encode()).digest())
    return total.hexdigest()
