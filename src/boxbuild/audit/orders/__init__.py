"""Orders: what a plan releases, checked to the day."""
