"""Who is calling: verification of access tokens, and an embedded issuer for development."""
