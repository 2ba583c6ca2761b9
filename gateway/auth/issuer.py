"""An embedded OAuth 2.0 token endpoint for development and the demo, built on Authlib.

Client credentials with `private_key_jwt` (RFC 7523). A client may name a member of staff of its
own agency in the form field `staff`; without one the token is the client's own. In service the
agencies' identity providers issue the tokens, with the same claims.
"""

import logging
import threading
import time
import uuid
from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from gateway.auth.algorithms import ALGORITHMS, ALLOWED
from gateway.auth.directory import Client, Directory, Staff
from gateway.auth.jwks import for_signatures

LIFETIME = 3600
MACHINE_ROLE = "case-system"
"""The one role that a client has by itself; every other is a person's."""
LONGEST_ASSERTION = 300
JTI_LENGTH = 256
METHOD = JWTBearerClientAssertion.CLIENT_AUTH_METHOD
_MALFORMED = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What an assertion or key that somebody made up may raise on the way."""

# Authlib's debug messages would print tokens.
logging.getLogger("authlib").setLevel(logging.INFO)


class _Registered:
    """A client of the directory, as Authlib asks about it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == METHOD and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


class _Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """Authlib's client assertion, with an algorithm allow-list, a lifetime and no replay."""

    def __init__(self, audiences: list[str]) -> None:
        super().__init__(validate_jti=True, leeway=30)
        self._audiences = audiences
        self._used: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def get_audiences(self) -> list[str]:
        return self._audiences

    def extract_assertion(self, assertion: str) -> Any:
        try:
            return super().extract_assertion(assertion)
        except _MALFORMED as error:
            raise InvalidClientError(description="The assertion is not a signed JWT.") from error

    def resolve_client_public_key(self, client: _Registered) -> KeySet:
        try:
            keys = KeySet.import_key_set(client.client.jwks)  # type: ignore[arg-type]
        except _MALFORMED as error:
            raise InvalidClientError(description="The client's keys are not usable.") from error
        return for_signatures(keys)

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> Any:
        try:
            token = jwt.decode(assertion, resolve_key, registry=ALLOWED)
            self.verify_claims(token.claims)
        except InvalidClientError:
            raise
        except _MALFORMED as error:
            raise InvalidClientError(description="The assertion does not verify.") from error
        return token.claims

    def validate_jti(self, claims: Mapping[str, Any], jti: Any) -> bool:
        now = time.time()
        if not isinstance(jti, str) or not 0 < len(jti) <= JTI_LENGTH:
            return False
        if claims["exp"] > now + LONGEST_ASSERTION:
            return False
        with self._lock:
            self._used = {key: until for key, until in self._used.items() if until > now}
            if (claims["sub"], jti) in self._used:
                return False
            # A second longer than it is accepted, which is reckoned in whole seconds.
            self._used[claims["sub"], jti] = claims["exp"] + self.leeway + 1
        return True


class _Form(OAuth2Request):  # type: ignore[misc]
    """A token request from its form fields."""

    def __init__(self, form: Mapping[str, str]) -> None:
        # The transport was checked by whoever serves this; Authlib wants to see https.
        super().__init__("POST", "https://token.endpoint/")
        self.payload = BasicOAuth2Payload(dict(form))
        self._form = dict(form)

    @property
    def form(self) -> dict[str, str]:
        return self._form


class _ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]
    """Client credentials for the client itself, or for the member of staff it names."""

    TOKEN_ENDPOINT_AUTH_METHODS = [METHOD]

    def validate_token_request(self) -> None:
        super().validate_token_request()
        named = self.request.payload.client_id
        if named and named != self.request.client.client.id:
            raise InvalidClientError

    def generate_token(self, *_: Any, **__: Any) -> dict[str, Any]:
        granted: dict[str, Any] = self.server.grant(
            self.request.client.client, self.request.form.get("staff")
        )
        return granted


class EmbeddedIssuer(AuthorizationServer):  # type: ignore[misc]
    """Issues RFC 9068 access tokens for the staff and clients of one directory."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        key: ECKey,
        directory: Directory,
        lifetime: int = LIFETIME,
    ) -> None:
        super().__init__()
        self.issuer, self.audience, self.lifetime = issuer, audience, lifetime
        self._key, self._directory = key, directory
        self._endpoint = f"{issuer}/oauth/token"
        self.register_grant(_ClientCredentials)
        self.register_client_auth_method(METHOD, _Assertion([issuer, self._endpoint]))

    def token_response(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Answer a token request: status, JSON body, headers. Errors are RFC 6749's."""
        response: tuple[int, dict[str, Any], dict[str, str]]
        if form.get("grant_type"):
            response = self.create_token_response(form)
        else:
            response = self.handle_error_response(form, InvalidRequestError())
        return response

    def issue(self, staff_id: str) -> str:
        """A token for a member of staff, for the command line. Raises `LookupError`."""
        member = self._directory.member(staff_id)
        return self._sign(_staff_claims(member) | {"sub": member.id, "client_id": "command-line"})

    def public_keys(self) -> KeySet:
        """The keys that verify the tokens."""
        public = self._key.as_dict(private=False) | {"kid": self._key.thumbprint()}
        return KeySet.import_key_set({"keys": [public]})

    def jwks(self) -> dict[str, Any]:
        """The same as a JWKS document."""
        return dict(self.public_keys().as_dict(private=False))

    def metadata(self) -> dict[str, Any]:
        """RFC 8414 metadata."""
        return {
            "issuer": self.issuer,
            "token_endpoint": self._endpoint,
            "jwks_uri": f"{self.issuer}/oauth/jwks",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "response_types_supported": [],
        }

    def query_client(self, client_id: str) -> _Registered | None:
        """Authlib's question for a client."""
        client = self._directory.client(client_id)
        return _Registered(client) if client else None

    def grant(self, client: Client, staff_id: str | None) -> dict[str, Any]:
        """A token for the client, or for a member of staff of its own agency.

        A client that pushes for a system acts for nobody: machines do not read.
        """
        claims: dict[str, Any] = {"sub": client.id, "client_id": client.id}
        if staff_id is None:
            claims |= {
                "agency": client.agency,
                "roles": [role for role in client.roles if role == MACHINE_ROLE],
                "systems": list(client.systems),
            }
        else:
            claims |= _staff_claims(self._colleague(client, staff_id)) | {"sub": staff_id}
        return {
            "access_token": self._sign(claims),
            "token_type": "Bearer",
            "expires_in": self.lifetime,
        }

    def _colleague(self, client: Client, staff_id: str) -> Staff:
        try:
            member = self._directory.member(staff_id)
        except LookupError:
            raise InvalidRequestError from None
        if member.agency != client.agency or client.systems:
            raise InvalidRequestError
        return member

    def save_token(self, token: Any, request: Any) -> None:
        """Nothing is kept: a token is verified by its signature and withdrawn by its id."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        """Authlib's adapter from the form."""
        return request if isinstance(request, _Form) else _Form(request)

    def handle_response(self, status: int, body: Any, headers: Any) -> Any:
        """Authlib's adapter to the answer; descriptions stay inside, they may quote claims."""
        if status >= 400:
            body = {"error": body["error"]}
            status = 401 if body["error"] == InvalidClientError.error else status
        return status, dict(body), dict(headers) | {"Cache-Control": "no-store"}

    def _sign(self, claims: Mapping[str, Any]) -> str:
        now = int(time.time())
        full = {name: value for name, value in claims.items() if value is not None} | {
            "iss": self.issuer,
            "aud": self.audience,
            "iat": now,
            "exp": now + self.lifetime,
            "jti": str(uuid.uuid4()),
        }
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self._key.thumbprint()}
        return jwt.encode(header, full, self._key)


def _staff_claims(member: Staff) -> dict[str, Any]:
    return {
        "agency": member.agency,
        "staff": member.id,
        "roles": list(member.roles),
        "unit": member.unit,
        "area": member.area,
        "vetting": member.vetting,
        "email": member.email,
    }
