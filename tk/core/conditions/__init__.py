"""The condition language: compiled from tk.toml, held by rules, asked of tickets; `language` is its front door."""
