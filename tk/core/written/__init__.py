"""The policy as tk.toml writes it: its shape, the reading of it into values, and everything that is wrong with it."""
