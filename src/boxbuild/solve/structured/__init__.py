"""The structured way: prices to a bound, quantities to a plan, and a first-order method between them."""
