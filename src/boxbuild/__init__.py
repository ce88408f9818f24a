"""Plan, price and prove outsourced electronics manufacturing for export."""
