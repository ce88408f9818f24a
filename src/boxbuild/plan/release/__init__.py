"""A plan's quantities per bucket as whole, dated orders that keep every stock, week and window."""
