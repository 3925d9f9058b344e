"""An RSS or Atom feed to one Article an entry. Reads what the feed carries and fetches nothing.

An entry with only a teaser becomes a Failure that names its link: a summary cited as the article would mislead.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from assistant.articles import detect_language, make_article
from assistant.decoding import refuse_binary
from assistant.errors import UnreadableArticle
from assistant.loaders import RawDocument
from assistant.loaders.html import fragment_text
from assistant.types import Article, Failure

SUFFIXES = (".rss", ".atom", ".xml")
MEDIA_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")

_FEWEST_CHARACTERS = 400  # teasers are shorter


class FeedLoader:
    def load(self, raw: RawDocument) -> Iterator[Article | Failure]:
        feed = _parse(raw)
        if not feed.entries:
            raise UnreadableArticle("It is no RSS or Atom feed with entries.")
        for number, entry in enumerate(feed.entries, start=1):
            try:
                yield _article(entry, feed.feed)
            except UnreadableArticle as error:
                yield Failure(_name(entry, raw.source, number), str(error))


def make() -> FeedLoader:
    return FeedLoader()


def _parse(raw: RawDocument) -> Any:
    import feedparser

    if not raw.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse_binary(raw.data)
    charset = f"; charset={raw.charset}" if raw.charset else ""
    # A stream: given bare bytes or a string, feedparser opens a file or an address of that name.
    return feedparser.parse(
        BytesIO(raw.data),
        response_headers={
            "content-type": f"{raw.media_type or 'application/xml'}{charset}",
            "content-location": raw.url or "",
        },
        sanitize_html=False,  # fragment_text takes no mark-up along; the sanitizer would hide what is hidden
    )


def _name(entry: Any, source: str, number: int) -> str:
    return entry.get("link") or f"{source}:entry {number}"


def _article(entry: Any, feed: Any) -> Article:
    text = max((fragment_text(part) for part in _parts(entry)), key=len, default="")
    title = fragment_text(entry.get("title", "")).replace("\n\n", " ") or None
    if len(text) < _FEWEST_CHARACTERS:
        link = entry.get("link")
        raise UnreadableArticle("The entry has only a summary" + (f"; ingest its link: {link}" if link else "."))
    return make_article(
        f"{title}\n\n{text}" if title and not text.startswith(title) else text,
        title=title,
        url=entry.get("link"),
        publisher=entry.get("source", {}).get("title") or feed.get("title"),
        author=entry.get("author"),
        published=entry.get("published") or entry.get("updated"),
        language=detect_language(text) or feed.get("language"),
        source_id=entry.get("id"),
    )


def _parts(entry: Any) -> list[str]:
    return [part.value for part in entry.get("content", ()) if part.get("value")] + [entry.get("summary", "") or " "]
