"""Merges: worked out before any of it is written, and what they leave to people."""
