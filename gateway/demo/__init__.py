"""Synthetic people, their records in every system's own format, and the story told with them."""
