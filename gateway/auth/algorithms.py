"""The signature algorithms that are trusted, in access tokens and in client assertions."""

from typing import Any

from joserfc.errors import UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry

ALGORITHMS = ["ES256", "PS256", "RS256", "EdDSA", "Ed25519"]


class _Allowed(JWSRegistry):
    """joserfc's registry, without its warning about issuers that still say `EdDSA`."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


# A header parameter nobody knows is to be ignored (RFC 7515, section 4), unless it is critical.
ALLOWED = _Allowed(algorithms=ALGORITHMS, strict_check_header=False)
