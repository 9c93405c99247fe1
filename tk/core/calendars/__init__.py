"""Business time: calendars, the lengths of time that deadlines give, and facts that are lengths of time."""
