"""The disk and git: ticket files, the index, commits, history."""
