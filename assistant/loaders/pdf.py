"""A PDF to one Article by pypdf, with the offset at which each page starts. Lines become paragraphs again.

Pictures of text are not read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.articles import make_article
from assistant.errors import UnreadableArticle
from assistant.loaders import RawDocument
from assistant.text import canonical_text
from assistant.types import Article
from assistant.zones import headline_of

if TYPE_CHECKING:
    from pypdf import PdfReader

SUFFIXES = (".pdf",)
MEDIA_TYPES = ("application/pdf", "application/x-pdf")

_MAX_PAGES = 1000
_TAIL = 2048  # the end marker stands in the last kilobyte, or somewhat before it when a mailer added lines


class PdfLoader:
    def load(self, raw: RawDocument) -> Iterator[Article]:
        if b"%%EOF" not in raw.data[-_TAIL:]:
            raise UnreadableArticle("It is a PDF whose end is missing; fetch or copy it again.")
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says of broken files is not for the reader
        try:
            reader = _open(raw.data)
            pages = [page.extract_text() for page in reader.pages]
            title, author = _metadata(reader)
        except UnreadableArticle:
            raise
        except Exception as error:  # noqa: BLE001 pypdf raises whatever a broken file makes it stumble on
            raise UnreadableArticle(f"It is a damaged PDF: {str(error)[:100] or type(error).__name__}.") from None
        text, starts = join_pages(pages)
        if not text:
            raise UnreadableArticle(f"Its {len(pages)} pages are pictures without text; run OCR on it first.")
        yield make_article(text, title=title or headline_of(text), author=author, url=raw.url, pages=starts)


def make() -> PdfLoader:
    return PdfLoader()


def _open(data: bytes) -> PdfReader:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableArticle("It is a PDF locked by a password; save it without one.")
    if not 0 < len(reader.pages) <= _MAX_PAGES:
        raise UnreadableArticle(f"It is a PDF of {len(reader.pages)} pages; the limit is {_MAX_PAGES}.")
    return reader


def _metadata(reader: PdfReader) -> tuple[str | None, str | None]:
    """Title and author, but no date: a PDF knows when it was made, not when it was published."""
    info = reader.metadata
    title = info.title if info else None
    if title and re.search(r"\.(?:docx?|indd|pdf|tex|qxp)$|^(?:microsoft word|untitled)\b", title, re.IGNORECASE):
        title = None
    return title, info.author if info else None


def join_pages(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The text of all pages, a blank line between them, and each page's offset in it.

    A page without text has the offset of the next one that has some. A paragraph that goes on over a page's end is not
    cut.
    """
    words = frozenset(re.findall(r"[^\W\d_]{4,}", "\n".join(pages).casefold()))
    text = ""
    starts: list[int] = []
    for number, page in enumerate(pages, start=1):
        paragraphs = _paragraphs(_without_number(canonical_text(page), number, len(pages)), words)
        if not paragraphs:
            continue
        if text:
            text += " " if _goes_on(text, paragraphs) else "\n\n"
        starts += [len(text)] * (number - len(starts))
        text += paragraphs
    return text, (*starts, *[len(text)] * (len(pages) - len(starts)))


def _goes_on(text: str, following: str) -> bool:
    return text[-1] not in ".!?”\"'’:)" and following[0].islower()


def _without_number(page: str, number: int, total: int) -> str:
    """The page without a first or last line that is its number."""
    is_number = re.compile(rf"[-–—]? ?(?:page )?{number}(?: ?(?:/|of) ?{total})? ?[-–—]?", re.IGNORECASE)
    lines = page.split("\n")
    for end in (0, -1):
        if lines and is_number.fullmatch(lines[end].strip()):
            del lines[end]
    return "\n".join(lines).strip()


def _paragraphs(page: str, words: frozenset[str]) -> str:
    """Join the lines of a page that the page's width broke, a paragraph a line."""
    lines = [line.strip() for line in page.split("\n")]
    lengths = sorted(len(line) for line in lines)
    width = lengths[len(lengths) * 9 // 10]
    paragraphs: list[str] = []
    before = ""
    for line in lines:
        if line and before and _is_broken(before, line, width):
            paragraphs[-1] = _joined(paragraphs[-1], line, words)
        elif line:
            paragraphs.append(line)
        before = line
    return "\n".join(paragraphs)


def _is_broken(before: str, line: str, width: int) -> bool:
    """Whether the page's width ended the line `before`, not its paragraph, whose last line is mostly shorter."""
    full = 0.9 if before[-1] in '.!?”"' else 0.75
    return line[0].islower() or len(before) >= full * width


def _joined(text: str, line: str, words: frozenset[str]) -> str:
    """Text and the next line of its paragraph. A hyphen goes only where the word without it stands elsewhere too."""
    if text.endswith("\u00ad"):
        return text[:-1] + line
    split = re.search(r"([^\W\d_]+)-$", text[-40:])
    rest = re.match(r"[^\W\d_]+", line)
    if not split or not rest or not line[0].islower():
        return f"{text} {line}"
    whole = (split[1] + rest[0]).casefold() in words
    return (text[:-1] if whole else text) + line
