"""The families of constraints, one a file: the formula in the docstring, the rows in the code."""
