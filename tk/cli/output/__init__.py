"""What commands have to show, in words and forms: for people, for programs, for forges."""
