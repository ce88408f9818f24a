"""Law: dated, sourced rules that turn flows into money or permission."""
