"""What a request states in its headers, and what is wrong with it."""

from starlette.requests import Request

from gateway.errors import Problem
from gateway.exchange import Declaration
from policies.purposes import Purpose

STATED_ONCE = frozenset(
    (b"authorization", b"purpose-of-use", b"justification", b"subject", b"idempotency-key")
)
READ = STATED_ONCE | {b"if-match", b"if-none-match", b"traceparent"}


def statements(request: Request) -> dict[bytes, str]:
    """The headers the pipeline reads, in one pass. Raises `Problem` where one that may be stated
    once is repeated."""
    found: dict[bytes, str] = {}
    for name, value in request.scope["headers"]:
        if name in READ:
            if name in found:
                if name in STATED_ONCE:
                    title = f"Send {name.decode()} once"
                    raise Problem(400, "repeated-header", title, outcome="invalid")
                found[name] += "," + value.decode("latin-1")
            else:
                found[name] = value.decode("latin-1")
    return found


def purpose(header: str | None, declaration: Declaration) -> str:
    """The purpose stated, or the one that goes without saying. Raises `Problem` (400)."""
    stated = header or declaration.default_purpose
    if stated is None:
        raise Problem(
            400,
            "purpose-required",
            "State the purpose of use",
            f"Send the header Purpose-Of-Use with one of: {', '.join(Purpose)}.",
            outcome="invalid",
        )
    if stated not in Purpose.__members__.values():
        raise Problem(
            400,
            "unknown-purpose",
            "Unknown purpose of use",
            f"Purpose-Of-Use is one of: {', '.join(Purpose)}.",
            outcome="invalid",
        )
    return stated


def justification(header: str | None) -> str | None:
    """The justification, if there is one. Raises `Problem` (400) where it is too long."""
    if header is not None and len(header) > 1000:
        raise Problem(
            400,
            "justification-too-long",
            "The justification is too long",
            "Justification takes at most 1000 characters.",
            outcome="invalid",
        )
    return header
