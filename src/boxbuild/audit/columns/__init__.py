"""The checks by columns: whether a plan holds, for all rows of a table at once.

Each function returns its tally where everything holds, and ``None`` where something does not, or where the plan has
something that it does not know: the check of the same name then goes row by row, and says what is wrong.
"""
