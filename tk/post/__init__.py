"""Letters: written from templates, kept in the outbox, read back."""
