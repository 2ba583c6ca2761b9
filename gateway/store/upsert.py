"""`INSERT … ON CONFLICT` for the embedded store; the one dialect-specific construct in use."""

from sqlalchemy.dialects.sqlite import insert

__all__ = ["insert"]
