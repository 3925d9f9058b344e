"""Bytes to str: byte order mark, then the header's charset, then the page's own, then UTF-8, then detection.

Refuses what is no text. Knows nothing of articles.
"""

from __future__ import annotations

import codecs
import re

from assistant.errors import UnreadableArticle

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a picture or a recording"),
    (b"OggS", "a recording"),
    (b"ID3", "a recording"),
    (b"%PDF-", "a PDF; give it the ending .pdf"),
    (b"PK\x03\x04", "a zip archive or an office document; save it as text, HTML or PDF"),
    (b"\xd0\xcf\x11\xe0", "an office document; save it as text, HTML or PDF"),
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"SQLite format 3\x00", "a database"),
)
_PROBE = 8192  # where binary shows, as in git
_SAMPLE = 65536  # what the detector reads: more makes it slow, not better
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE)
# What pages that say so mean (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
# Left to itself, the detector takes short French for DOS Baltic. Pages and mails are in one of these.
_ON_THE_WEB = (
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "iso8859_2",
        "iso8859_15",
    ),
    *("koi8_r", "koi8_u", "cp866", "cp874", "gb18030", "big5", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr"),
)
_NO_TEXT_CODECS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "mbcs", "oem"}
)


def decode(data: bytes, charset: str | None = None) -> str:
    """The text that `data` is; `charset` is what the Content-Type header said. Raises UnreadableArticle for binary.

    A declaration that the bytes contradict is passed over. Nothing declared and no UTF-8: charset-normalizer decides.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    refuse_binary(data)
    head = data[:4096]
    declared = [charset, *(match[1].decode() for match in (_META.search(head), _XML.match(head)) if match)]
    for encoding in [*filter(None, map(_text_encoding, declared)), "utf-8"]:
        text = _strictly(data, encoding)
        if text is not None:
            return text
    return _strictly(data, "utf-8", "surrogatepass") or _nearly_utf8(data) or _detected(data)


def refuse_binary(data: bytes) -> None:
    """Raise UnreadableArticle, saying what it is where that shows, for bytes that are no text."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UnreadableArticle(f"It is {what}.")
    probe = data[:_PROBE]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in probe)
    if b"\0" in probe or controls > len(probe) / 20:
        raise UnreadableArticle("It is binary, not text.")


def _text_encoding(name: str | None) -> str | None:
    """Python's name for a declared charset; None where there is no such character set."""
    try:
        encoding = codecs.lookup((name or "").strip()).name
    except LookupError:
        return None
    if encoding in _NO_TEXT_CODECS or encoding.startswith(("utf-16", "utf-32")):
        return None  # sixteen and thirty-two bit text would hold NULs without its mark
    return _MEANT.get(encoding, encoding)


def _strictly(data: bytes, encoding: str, errors: str = "strict") -> str | None:
    try:
        return data.decode(encoding, errors)
    except (UnicodeError, LookupError):  # LookupError: a codec of bytes to bytes, as "hex"
        return None


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken bytes stays UTF-8: detection would turn all its accents into something else."""
    text = data.decode("utf-8", errors="replace")
    accents = sum(char > "\x7f" for char in text)
    return text if text.count("\ufffd") * 2 < accents else None


def _detected(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_ON_THE_WEB)).best()
    if best is None:
        raise UnreadableArticle("Its character encoding can't be told; save it as UTF-8.")
    return data.decode(best.encoding, errors="replace")
