"""The model: flows are columns, families of constraints are rows, the accounts are the objective."""
