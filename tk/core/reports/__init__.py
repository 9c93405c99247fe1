"""The reports: what supervisors ask of a desk's past, counted from the lives of its tickets. Pure."""
