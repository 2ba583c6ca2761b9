"""Who may see what, and why: Cedar policies, the engine that asks them, redaction. No I/O
after load; nothing here knows HTTP or the store."""
