"""The law: what an action must fulfil, what it makes of a ticket and brings with it; `judge` asks it all."""
