"""Documents to text: plain text as it is, HTML reduced to the text that a reader sees.

Nothing is altered beyond decoding: no normalisation, and CR LF stays two code points. A byte order mark is no part of
the text. Passages count the code points of what is made here.
"""

import codecs
import re
from dataclasses import dataclass
from hashlib import sha256

from archive.errors import UnreadableDocument

LARGEST = 20_000_000
"""Bytes of a document whose text is kept."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Atomic and possessive: of many comments no other division is tried, which would take exponential time.
_HTML = re.compile(r"(?>\s+|<!--.*?-->|<\?xml[^>]*>)*+<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252"}
_SUFFIXES = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose text is to be kept.

    sha256: the digest of the original bytes, in hex; media_type: what they are, with their encoding
    made_by: which program made the text from them; text: what passages point into, in code points
    """

    sha256: str
    media_type: str
    made_by: str
    text: str


def digest_of(data: bytes) -> str:
    """The digest by which a document is known: SHA-256 of its bytes, in hex."""
    return sha256(data).hexdigest()


def read_document(data: bytes, name: str, encoding: str | None = None) -> Document:
    """The document with its text; `name` is the file's, for its suffix and for errors. Raises UnreadableDocument.

    The encoding is the one given, else that of the byte order mark, else (HTML) the one it declares, else UTF-8.
    """
    digest = digest_of(data)
    if len(data) > LARGEST:
        raise UnreadableDocument(name, f"has {len(data)} bytes, and {LARGEST} are the most")
    if data.startswith(b"%PDF-"):
        raise UnreadableDocument(name, "is a PDF document, no text")
    marked, length = next(((found, len(mark)) for mark, found in _MARKS if data.startswith(mark)), (None, 0))
    suffixed = name.lower().endswith(_SUFFIXES)
    page = suffixed or _HTML.match(data[:_DECLARED_WITHIN].decode("latin-1")) is not None
    declared = _declared(data) if page else None
    used = _codec(encoding, name) if encoding else marked or declared or "utf-8"
    if used in ("utf-8", marked):
        data = data[length:]
    text = _decoded(data, used, name)
    if "\0" in text:
        raise UnreadableDocument(name, f"is no text: it holds U+0000 at character {text.index(chr(0)) + 1}")
    html = suffixed or _HTML.match(text) is not None
    made_by = "archive"
    if html:
        text, made_by = _reduced(text)
    if not text.strip():
        raise UnreadableDocument(name, "holds no text")
    media_type = f"text/{'html' if html else 'plain'}; charset={used}"
    return Document(digest, media_type, made_by, text)


def _codec(encoding: str, name: str) -> str:
    """The codec of a name, if it makes text of bytes."""
    try:
        found = codecs.lookup(encoding)
    except (LookupError, UnicodeError):
        found = None
    if found is None or not getattr(found, "_is_text_encoding", False):
        raise UnreadableDocument(name, f"cannot be read: there is no encoding {encoding!r}")
    return found.name


def _declared(data: bytes) -> str | None:
    """The encoding that a page declares, if it is one that we know; read as browsers do (WHATWG Encoding)."""
    found = _CHARSET.search(data[:_DECLARED_WITHIN])
    if found is None:
        return None
    try:
        codec = codecs.lookup(found[1].decode("ascii"))
    except LookupError:
        return None
    known = getattr(codec, "_is_text_encoding", False) and not codec.name.startswith("utf-16")
    return _AS_BROWSERS.get(codec.name, codec.name) if known else None


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(name, f"is no text in {encoding}: byte {error.start + 1} does not fit") from None
    except (UnicodeError, LookupError) as error:
        raise UnreadableDocument(name, f"cannot be read in {encoding}: {error}") from None


def _reduced(html: str) -> tuple[str, str]:
    """The text of a page, scripts and styles dropped and blocks on lines of their own; and what made it."""
    from importlib.metadata import version  # noqa: PLC0415  # most documents are no HTML

    import html_text  # noqa: PLC0415  # the same, and slow to import

    made_by = ", ".join(f"{name} {version(name)}" for name in ("html-text", "lxml"))
    return str(html_text.extract_text(html)), made_by
