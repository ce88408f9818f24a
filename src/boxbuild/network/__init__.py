"""What is true: the catalogue of tables, the network that they make, its calendar and its changes."""
