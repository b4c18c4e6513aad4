"""Signed notes of C2SP: a text, and under it the signatures of keys that vouch for it.

::

    example.org/newsroom
    9
    i71P/aZqiVysSRMFjk6hBwSBnoaVtw2CE182WN5m5dE=

    — example.org/newsroom Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

Ed25519 alone; signatures of keys that nobody named are passed over, as the standard says. A key is one line of text::

    example.org/newsroom+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k

and, to sign with, the same after ``PRIVATE+KEY+`` with the 32 bytes of the secret.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from archive.errors import NotProven, UsageError

if TYPE_CHECKING:
    from types import ModuleType

LARGEST = 1_000_000
"""Bytes of a note, a checkpoint or a proof."""

MOST_SIGNATURES = 100
"""On one note."""

ED25519 = b"\x01"
ID_BYTES = 4
KEY_BYTES = 32
SIGNED = "— "
SECRET = "PRIVATE+KEY+"  # noqa: S105  # what a secret key begins with is no secret
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")
"""Characters that no note may hold."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under its name, with which a signature is checked; as text, its verifier key."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """The key that a verifier key says. Raises UsageError."""
        name, identity, key = _parts(text.strip())
        if (found := cls(name, key)).identity != identity:
            raise UsageError(f"the key of {name} has other bytes than its id says", hint="copy the whole line again")
        return found

    @property
    def identity(self) -> bytes:
        """The four bytes by which a signature says of which key it is."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID_BYTES]

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether this key made a signature under a text."""
        ed25519 = _ed25519()
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # of the same extra

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.identity.hex()}+{base64_of(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """A secret key under its name. It is never shown: as text it is its verifier key."""

    verifier: Verifier
    _secret: bytes

    @classmethod
    def new(cls, name: str) -> Signer:
        """A key that nobody had before. Raises UsageError for a name that no key may have."""
        if not is_key_name(name):
            raise UsageError(f"{name!r} cannot be the name of a key", hint="a name has no blanks and no +")
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  # of the extra
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        key = _ed25519().Ed25519PrivateKey.generate()
        return cls._of(name, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))

    @classmethod
    def parse(cls, text: str) -> Signer:
        """The key that a line says which ``secret`` made. Raises UsageError, which shows nothing of it."""
        if not text.startswith(SECRET):
            raise UsageError("there is no secret key", hint="make one: archive checkpoint keygen FILE")
        name, identity, secret = _parts(text.removeprefix(SECRET).strip(), "the secret key")
        signer = cls._of(name, secret)
        if signer.verifier.identity != identity:
            raise UsageError("the secret key has other bytes than its id says", hint="take the file from its copy")
        return signer

    @classmethod
    def _of(cls, name: str, secret: bytes) -> Signer:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415  # of the extra

        public = _ed25519().Ed25519PrivateKey.from_private_bytes(secret).public_key()
        return cls(Verifier(name, public.public_bytes(Encoding.Raw, PublicFormat.Raw)), secret)

    def secret(self) -> str:
        """The line to keep in the file of the key, and nowhere else."""
        name, identity = self.verifier.name, self.verifier.identity.hex()
        return f"{SECRET}{name}+{identity}+{base64_of(ED25519 + self._secret)}"

    def sign(self, text: str) -> str:
        """The note of a text, which ends in a line end and has no empty line at its end."""
        signature = _ed25519().Ed25519PrivateKey.from_private_bytes(self._secret).sign(text.encode())
        return f"{text}\n{SIGNED}{self.verifier.name} {base64_of(self.verifier.identity + signature)}\n"

    def __str__(self) -> str:
        return str(self.verifier)

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a line end, and what stands under it: name, id of the key, signature."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def signers(self, keys: Iterable[Verifier]) -> tuple[str, ...]:
        """The names of those of these keys that signed it. Raises NotProven for a signature of one that fails."""
        known = {(key.name, key.identity): key for key in keys}
        found: list[str] = []
        for name, identity, signature in self.signatures:
            key = known.get((name, identity))
            if key is None:
                continue
            if not key.accepts(self.text, signature):
                raise NotProven(f"the signature of {name} is not one of its key: the text was altered, or is not its")
            found.append(name)
        return tuple(dict.fromkeys(found))


def parse_note(text: str) -> Note:
    """The note that a text is. Raises NotProven."""
    if len(text) > LARGEST or CONTROLS.search(text):
        raise NotProven("no note: it is too long, or holds control characters")
    body, empty, under = text.rpartition("\n\n")
    lines = under.split("\n")
    if not empty or lines.pop() or not lines:
        raise NotProven("no signed note: no signature stands under an empty line at its end")
    if len(lines) > MOST_SIGNATURES:
        raise NotProven(f"no note: more than {MOST_SIGNATURES} signatures stand under it")
    return Note(f"{body}\n", tuple(_signature(line) for line in lines))


def is_key_name(name: str) -> bool:
    """Whether a key may have this name."""
    return bool(name) and "+" not in name and not CONTROLS.search(name) and not any(map(str.isspace, name))


def base64_of(data: bytes) -> str:
    """Standard base64."""
    return b64encode(data).decode()


def bytes_of(text: str) -> bytes | None:
    """What standard base64 says, if it is that and written as it would be by us."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64_of(data) == text else None


def hashes_of(lines: Sequence[str]) -> list[bytes] | None:
    """The 32-byte hashes that lines say, one each; None unless all are that."""
    found = [data for line in lines if (data := bytes_of(line)) is not None and len(data) == KEY_BYTES]
    return found if len(found) == len(lines) else None


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, blank, said = line.removeprefix(SIGNED).partition(" ")
    data = bytes_of(said)
    if not line.startswith(SIGNED) or not blank or not is_key_name(name) or data is None or len(data) <= ID_BYTES:
        raise NotProven(f"no signed note: a line under it is no signature: {line[:80]!r}")
    return name, data[:ID_BYTES], data[ID_BYTES:]


def _parts(text: str, what: str = "the key") -> tuple[str, bytes, bytes]:
    """Name, id and bytes of an Ed25519 key; nothing of what is malformed is repeated."""
    name, _, rest = text.partition("+")
    identity, _, said = rest.partition("+")
    data = bytes_of(said)
    if not is_key_name(name) or not re.fullmatch("[0-9a-f]{8}", identity) or data is None:
        raise UsageError(f"{what} is not written as one is", hint="a key is NAME+ID+BASE64, the whole line")
    if data[:1] != ED25519 or len(data) != 1 + KEY_BYTES:
        raise UsageError(f"{what} of {name} is no Ed25519 key", hint="only keys of that kind are known here")
    return name, bytes.fromhex(identity), data[1:]


def _ed25519() -> ModuleType:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  # an extra, and slow to import
    except ModuleNotFoundError as error:
        raise UsageError("the package cryptography is not installed", hint="pip install '.[sign]'") from error
    return ed25519
