"""Notes and keys as C2SP signed-note and tlog-checkpoint write them.

The first example was made with `openssl` from the key of RFC 8032's first test; the second is the
published example of Go's note package.
"""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from audit.checkpoint import Checkpoint, open_checkpoint, parse_body
from audit.errors import FormatError
from audit.keyfile import encode_signer, generate_signer, load_signer, parse_signer, save_signer
from audit.merkle import EMPTY_ROOT
from audit.note import Signer, Verifier, verified_text
from tests.audit.logs import NAME, OTHER_SIGNER, SIGNER

SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
VKEY = "log.example/mappa+7e93b30e+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
SKEY = "PRIVATE+KEY+log.example/mappa+7e93b30e+AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
NOTE = """\
log.example/mappa
0
47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

— log.example/mappa fpOzDvtSl9DI0XhEa8KzBSpD0Nq4j15yhIQHb4JQNzq5NUSYO29M1EWxGGPJJuVca1jADx9SPm/+FfIn4dGHfxcopAE=
"""  # noqa: E501
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""  # noqa: E501
RFC_SIGNER = Signer("log.example/mappa", Ed25519PrivateKey.from_private_bytes(SEED))


def test_the_example_made_by_hand() -> None:
    assert RFC_SIGNER.verifier.vkey == VKEY
    assert encode_signer(RFC_SIGNER) == SKEY
    empty = Checkpoint("log.example/mappa", 0, EMPTY_ROOT)
    assert empty.sign(RFC_SIGNER).decode() == NOTE
    assert open_checkpoint(NOTE.encode(), Verifier.parse(VKEY)) == empty


def test_the_example_of_another_implementation() -> None:
    verifier = Verifier.parse(GO_VKEY)
    assert verifier.vkey == GO_VKEY
    assert verified_text(GO_NOTE.encode(), verifier) == GO_NOTE.partition("\n\n")[0] + "\n"


def _refused(note: str | bytes, reason: str, verifier: Verifier = SIGNER.verifier) -> None:
    with pytest.raises(FormatError, match=reason):
        verified_text(note.encode() if isinstance(note, str) else note, verifier)


def test_signatures_by_other_keys_are_left_alone() -> None:
    note = SIGNER.sign("text\n")
    witness = generate_signer("witness.example").sign("text\n").rpartition("\n\n")[2]
    successor = OTHER_SIGNER.sign("text\n").rpartition("\n\n")[2]
    for other in (witness, successor):
        assert verified_text((note + other).encode(), SIGNER.verifier) == "text\n"
        _refused("text\n\n" + other, "not signed by the expected key")


def test_a_text_may_hold_empty_lines() -> None:
    note = SIGNER.sign("one\n\ntwo\n")
    assert verified_text(note.encode(), SIGNER.verifier) == "one\n\ntwo\n"


def test_a_wrong_signature_of_our_key_refuses_the_note_even_beside_a_right_one() -> None:
    note = SIGNER.sign("text\n")
    wrong = SIGNER.sign("other\n").rpartition("\n\n")[2]
    _refused(note + wrong, "does not belong to the text")
    _refused(note.replace("text", "test"), "does not belong to the text")


@given(st.data())
def test_any_flipped_bit_of_a_note_refuses_it(data: st.DataObject) -> None:
    note = bytearray(NOTE.encode())
    note[data.draw(st.integers(0, len(note) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(FormatError):
        open_checkpoint(bytes(note), RFC_SIGNER.verifier)


@given(st.binary(max_size=200))
def test_rubbish_is_refused_with_a_typed_error(rubbish: bytes) -> None:
    with pytest.raises(FormatError):
        verified_text(rubbish, SIGNER.verifier)


def test_malformed_notes_say_what_is_wrong() -> None:
    note = SIGNER.sign("text\n")
    line = note.rpartition("\n\n")[2]
    _refused(b"\xff" + note.encode(), "UTF-8")
    _refused(note.replace("text", "te\rxt"), "control characters")
    _refused("text\n", "no signatures")
    _refused(note.removesuffix("\n"), "no signatures")
    _refused(note.replace("— ", "- "), "signature line")
    _refused(note + line * 64, "too many")
    _refused(f"text\n\n— {NAME} AAAA\n", "too short")
    _refused(f"text\n\n— a+b {base64.b64encode(b'12345').decode()}\n", "key name")
    _refused(f"text\n\n— {NAME} AAAAAAB=\n", "base64")
    _refused(f"text\n\n— {NAME} é===\n", "base64")


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "nul\0\n"])
def test_only_lines_of_text_are_signed(text: str) -> None:
    with pytest.raises(FormatError):
        SIGNER.sign(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\x01b"])
def test_names_that_no_key_may_have(name: str) -> None:
    with pytest.raises(FormatError, match="key name"):
        generate_signer(name)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        VKEY.replace("7e93b30e", "7e93b30f"),
        VKEY.replace("7e93b30e", "7E93B30E"),
        VKEY.replace("log.example", "logs.example"),
        VKEY.replace("+Addam", "+Bddam"),
        VKEY[:-4],
        VKEY + "\n",
    ],
)
def test_malformed_verifier_keys_are_refused(vkey: str) -> None:
    with pytest.raises(FormatError):
        Verifier.parse(vkey)


@pytest.mark.parametrize(
    "skey",
    [
        "",
        SKEY.removeprefix("PRIVATE+KEY+"),
        "PRIVATE+KEY+name",
        SKEY.replace("7e93b30e", "7e93b30f"),
        SKEY.replace("+AZ1", "+BZ1"),
    ],
)
def test_malformed_private_keys_are_refused_and_not_repeated(skey: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_signer(skey)
    assert "Z1hsZ3v" not in str(caught.value)


def test_a_key_file_is_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    signer = generate_signer(NAME)
    save_signer(signer, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_signer(path).verifier == signer.verifier
    with pytest.raises(FileExistsError):
        save_signer(signer, path)


ROOT = base64.b64encode(b"r" * 32).decode()


def test_a_checkpoint_may_have_more_lines() -> None:
    assert parse_body(f"o\n12\n{ROOT}\nextra\n") == Checkpoint("o", 12, b"r" * 32)


@pytest.mark.parametrize(
    "body",
    [
        "",
        f"o\n12\n{ROOT}",
        f"o\n12\n{ROOT}\n\n",
        f"\n12\n{ROOT}\n",
        f"o\n012\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n٣\n{ROOT}\n",
        f"o\n1e3\n{ROOT}\n",
        f"o\n0\n{ROOT}\n",
        "o\n12\nAAAA\n",
        f"o\n12\n{ROOT[:-1]}\n",
        f"o\n{'9' * 30}\n{ROOT}\n",
    ],
)
def test_malformed_checkpoints_are_refused(body: str) -> None:
    with pytest.raises(FormatError):
        parse_body(body)


def test_a_checkpoint_of_another_origin_is_refused() -> None:
    note = Checkpoint("other.example", 3, b"r" * 32).sign(SIGNER)
    with pytest.raises(FormatError, match="another log"):
        open_checkpoint(note, SIGNER.verifier)
