"""Two sides of one ticket, joined by meaning."""
