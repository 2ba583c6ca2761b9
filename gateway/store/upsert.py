"""`INSERT … ON CONFLICT` for both stores: PostgreSQL's construct, which SQLite reads as well."""

from sqlalchemy.dialects.postgresql import insert

__all__ = ["insert"]
