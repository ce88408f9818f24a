"""Bills of materials: which rows hold, low-level codes, explosion, netting, cost roll-up, where-used."""
