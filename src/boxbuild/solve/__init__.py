"""Solving: one ``solve(model, gap)``. Every answer carries its cost, a proven lower bound and their gap."""
