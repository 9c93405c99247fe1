"""What the desk does, one module a verb; each takes the desk and values and returns values."""
