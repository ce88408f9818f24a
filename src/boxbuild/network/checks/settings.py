"""Settings that cannot be planned with."""

from __future__ import annotations

from boxbuild.errors import UsageError
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_unreadable_buckets(network: Network) -> list[Issue]:
    """Find a horizon that is not a sum of days, weeks and months."""
    buckets = network.settings.buckets
    try:
        calendar = network.settings.calendar
    except UsageError as error:
        reason = "is not a horizon"
        return [Issue("unreadable-buckets", reason, "error", "settings", None, "buckets", buckets, error.hint)]
    if calendar.horizon > 3700:
        reason, hint = f"is a horizon of {calendar.horizon} days", "write no more than ten years"
        return [Issue("unreadable-buckets", reason, "error", "settings", None, "buckets", buckets, hint)]
    return []
