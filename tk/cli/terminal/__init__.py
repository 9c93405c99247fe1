"""The terminal in front of the user: what may be printed there, how wide it is, how far something has come."""
