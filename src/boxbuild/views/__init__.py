"""How plans are shown: text for terminals, charts as data."""
