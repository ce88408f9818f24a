"""The ledger: every money amount of a plan, one line each; one file per family of accounts."""

from boxbuild.plan.ledger.ledger import ledger, present_cost, totals
from boxbuild.plan.ledger.lines import ACCOUNTS

__all__ = ["ACCOUNTS", "ledger", "present_cost", "totals"]
