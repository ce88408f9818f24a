"""Bills of materials: which rows hold, low-level codes, explosion, cost roll-up, where-used."""
