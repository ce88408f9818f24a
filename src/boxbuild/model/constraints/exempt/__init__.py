"""The exempt layer: which part of every flow is under an export scheme. One family of rows a file."""

from boxbuild.model.constraints.exempt.balance import exempt_balance
from boxbuild.model.constraints.exempt.layer import exempt_columns
from boxbuild.model.constraints.exempt.needs import exempt_needs
from boxbuild.model.constraints.exempt.obligations import obligations
from boxbuild.model.constraints.exempt.opened import exempt_opened
from boxbuild.model.constraints.exempt.paid import duty_paid
from boxbuild.model.constraints.exempt.within import exempt_within

__all__ = [
    "duty_paid",
    "exempt_balance",
    "exempt_columns",
    "exempt_needs",
    "exempt_opened",
    "exempt_within",
    "obligations",
]
