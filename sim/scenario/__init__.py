"""Intentions: what people write (scenarios, reported timelines, sources), checked and resolved."""
