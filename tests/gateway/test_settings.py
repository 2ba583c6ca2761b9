"""Settings come from the environment; a mistake names the variable to correct."""

from pathlib import Path

import pytest

from gateway.settings import Settings


def test_defaults_are_safe() -> None:
    settings = Settings.from_environment({})
    assert settings.embedded_issuer is False
    assert settings.trace_ratio == 0
    assert settings.issuers == {}


def test_everything_can_be_set() -> None:
    settings = Settings.from_environment(
        {
            "MAPPA_GATEWAY_DATA_DIR": "/srv/data",
            "MAPPA_GATEWAY_BASE_URL": "https://gateway.example",
            "MAPPA_GATEWAY_AUDIENCE": "gateway",
            "MAPPA_GATEWAY_ISSUERS": "https://a.example=https://a.example/jwks#police "
            "https://b.example=https://b.example/keys#probation,prison",
            "MAPPA_GATEWAY_EMBEDDED_ISSUER": "on",
            "MAPPA_GATEWAY_LOG_ORIGIN": "gateway.example/log",
            "MAPPA_GATEWAY_MAX_BODY": "1024",
            "MAPPA_GATEWAY_TRACE_RATIO": "0.5",
            "MAPPA_GATEWAY_TRACE_FILE": "/srv/traces",
        }
    )
    assert settings.data_dir == Path("/srv/data")
    assert settings.issuers["https://b.example"] == (
        "https://b.example/keys",
        frozenset({"probation", "prison"}),
    )
    assert (settings.embedded_issuer, settings.max_body) == (True, 1024)
    assert (settings.trace_ratio, settings.trace_file) == (0.5, Path("/srv/traces"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_BODY", "many"),
        ("MAX_BODY", "-1"),
        ("TRACE_RATIO", "x"),
        ("EMBEDDED_ISSUER", "maybe"),
        ("ISSUERS", "https://a.example"),
        ("ISSUERS", "https://a.example=https://a.example/jwks"),
        ("ISSUERS", "=x"),
    ],
)
def test_a_mistake_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"MAPPA_GATEWAY_{name}"):
        Settings.from_environment({f"MAPPA_GATEWAY_{name}": value})
