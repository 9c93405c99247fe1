"""What a shell offers as the next word."""
