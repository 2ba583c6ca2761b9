"""One sub-package per agency system; pure functions of bytes and canonical records."""
