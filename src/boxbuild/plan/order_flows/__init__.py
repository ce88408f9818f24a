"""What dated orders amount to by bucket: the tables of a plan again, so that the same ledger prices them."""

from boxbuild.plan.order_flows.order_flows import OrderFlows, order_flows

__all__ = ["OrderFlows", "order_flows"]
