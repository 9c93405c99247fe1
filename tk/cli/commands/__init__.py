"""The commands, one a module that stays shut until it is called; `tk.cli.group` has the table of them."""
