"""Who is who, where exact identifiers do not settle it: what may be one person, what was decided,
and how it is taken back. Nothing here decides by itself."""
