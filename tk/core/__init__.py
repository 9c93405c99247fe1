"""Values and law of the desk: no input, no output, no clock."""
