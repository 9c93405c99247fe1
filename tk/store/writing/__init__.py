"""A change on its way into files and a commit: under locks, with a journal, whole or not at all."""
