"""Commits before the law: the policy in force at each, who signed it, what seals it, the tickets it changed."""
