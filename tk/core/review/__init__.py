"""Changes looked at afterwards: what differs, who answers for it, and what the law has against it."""
