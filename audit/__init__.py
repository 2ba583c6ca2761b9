"""The tamper-evident log, and a verifier that works without the gateway."""
