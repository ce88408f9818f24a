"""Compare: several plans side by side: cost, service, allocation, money, orders, inputs."""

from boxbuild.study.compare.aspect import Aspect, Compared
from boxbuild.study.compare.claim import Claim
from boxbuild.study.compare.comparison import Comparison, compare, plan_names
from boxbuild.study.compare.inputs import input_differences
from boxbuild.study.compare.orders import SIGNS, orders_moved
from boxbuild.study.compare.tolerance import Tolerance

__all__ = [
    "SIGNS",
    "Aspect",
    "Claim",
    "Compared",
    "Comparison",
    "Tolerance",
    "compare",
    "input_differences",
    "orders_moved",
    "plan_names",
]
