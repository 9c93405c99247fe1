"""The clocks of a ticket, the shifts of people, and since when something holds."""
