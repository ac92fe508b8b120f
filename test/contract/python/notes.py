"""Signed checkpoints: C2SP tlog-checkpoint in a signed note, Ed25519."""

import base64
import hashlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from records import hold

ED25519 = 1


def check_note(checkpoint: dict[str, Any], trusted_key: str | None) -> None:
    """Without a trusted key only that the note is signed with the key that it names itself."""
    where = f"checkpoint {checkpoint['size']} of {checkpoint['service']}"
    own_key = checkpoint["verificationKey"]
    hold(trusted_key in (None, own_key), f"{where}: signed with {own_key}")
    name, key_id, key = own_key.split("+", 2)
    key_bytes = base64.b64decode(key)
    named = hashlib.sha256(f"{name}\n".encode() + key_bytes).digest()[:4]
    hold(key_bytes[0] == ED25519 and named.hex() == key_id, f"{where}: key has another id")
    text, _, signatures = checkpoint["note"].rpartition("\n\n")
    text += "\n"
    hold(text.split("\n")[:3] == _lines(checkpoint), f"{where}: note tells another log")
    mark = base64.b64decode(signatures.removeprefix(f"\u2014 {name} "))
    hold(mark[:4] == named, f"{where}: signature of another key")
    try:
        Ed25519PublicKey.from_public_bytes(key_bytes[1:]).verify(mark[4:], text.encode())
    except InvalidSignature:
        hold(False, f"{where}: signature is wrong")


def _lines(checkpoint: dict[str, Any]) -> list[str]:
    root = base64.b64encode(bytes.fromhex(checkpoint["root"])).decode()
    origin = f"tongchou/{checkpoint['service']}/{checkpoint['incarnation']}"
    return [origin, str(checkpoint["size"]), root]
