"""Who calls: an opaque bearer token, looked up in the database, remembered for a short while."""

from typing import Any

from django.core.cache import cache
from rest_framework.authentication import TokenAuthentication

REMEMBERED = 60
"""Seconds for which a worker trusts a token it has looked up, and so the longest that a withdrawn
one still works. In the peer's favour: the gateway looks for withdrawn tokens on each request."""


class BearerTokenAuthentication(TokenAuthentication):
    """`Authorization: Bearer TOKEN`."""

    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        """The member of staff and the token. Raises `AuthenticationFailed` where unknown."""
        found: tuple[Any, Any] | None = cache.get(key)
        if found is None:
            found = super().authenticate_credentials(key)
            cache.set(key, found, REMEMBERED)
        return found
