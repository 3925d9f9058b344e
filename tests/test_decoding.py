"""Bytes to text: who is believed about the encoding, and what is no text at all."""

from __future__ import annotations

import codecs

import pytest

from assistant.decoding import decode
from assistant.errors import UnreadableArticle

FRENCH = "Le maire a déclaré mardi que le pont resterait fermé neuf semaines : « C'est nécessaire » à l'hôtel."
GERMAN = "Die Bürgermeisterin erklärte, die Brücke müsse für neun Wochen geschlossen werden; die Fähre fährt öfter."
RUSSIAN = "Мэр города сообщил во вторник, что мост будет закрыт на девять недель для ремонта."
CURLY = "The mayor’s office said “nine weeks” – no more. The town’s ferries run every ten minutes until then."


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (codecs.BOM_UTF8 + GERMAN.encode(), "cp1252", GERMAN),
        (GERMAN.encode("utf-16"), "utf-8", GERMAN),
        (GERMAN.encode("cp1252"), "windows-1252", GERMAN),
        (b'<meta charset="utf-8">' + GERMAN.encode("cp1252"), "windows-1252", '<meta charset="utf-8">' + GERMAN),
        (b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"), None, '<meta charset="windows-1251">' + RUSSIAN),
        (
            b'<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN.encode("koi8-r"),
            None,
            '<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN,
        ),
        (GERMAN.encode(), None, GERMAN),
        (CURLY.encode("cp1252"), "iso-8859-1", CURLY),
        (GERMAN.encode("cp1252"), "utf-8", GERMAN),
        (GERMAN.encode(), "no-such-charset", GERMAN),
        (GERMAN.encode(), "hex", GERMAN),
        (GERMAN.encode() + b"\xff", None, GERMAN + "\ufffd"),
        (b"a \xed\xa0\x80 b", None, "a \ud800 b"),
        (b"", None, ""),
    ],
    ids=[
        "a mark beats the header",
        "a UTF-16 mark",
        "the header",
        "the header beats the page",
        "the page's meta",
        "the XML declaration",
        "nothing said: UTF-8",
        "latin-1 means windows-1252",
        "a header that the bytes contradict",
        "an unknown charset",
        "a codec that makes no text",
        "UTF-8 with a broken byte",
        "a lone surrogate",
        "nothing",
    ],
)
def test_the_surest_declaration_that_the_bytes_bear_out_wins(data: bytes, charset: str | None, text: str) -> None:
    assert decode(data, charset) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(FRENCH, "cp1252"), (GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (CURLY, "cp1252")],
    ids=["French", "German", "Russian", "curly quotes"],
)
def test_an_undeclared_encoding_is_detected(text: str, encoding: str) -> None:
    assert decode("\n".join([text] * 5).encode(encoding)) == "\n".join([text] * 5)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x7fELF\x02\x01", "a program"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"PK\x03\x04rest", "zip archive or an office document"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"text\0text", "binary"),
        (bytes(range(1, 32)) * 20, "binary"),
    ],
    ids=["program", "png", "jpeg", "docx", "pdf", "a NUL", "control bytes"],
)
def test_what_is_no_text_is_refused_with_its_name(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableArticle, match=what):
        decode(data)
