"""A web page to one Article: the body by trafilatura, without reader comments and without text that a reader can't see.

The headline is the first line. What a style sheet hides by class is not known here; inline styles and attributes are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from assistant.articles import detect_language, make_article, publisher_of, refuse_unreadable
from assistant.decoding import decode
from assistant.errors import UnreadableArticle
from assistant.loaders import RawDocument
from assistant.text import canonical_text
from assistant.types import Article
from assistant.zones import is_headline

SUFFIXES = (".html", ".htm", ".xhtml")
MEDIA_TYPES = ("text/html", "application/xhtml+xml")

_MAX_BYTES = 10_000_000  # trafilatura takes two CPU seconds a megabyte
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_NEVER_SHOWN = frozenset({"noscript", "template", "script", "style"})
_ROOTS = frozenset({"html", "body"})
_NUMBERED = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,9}));?", re.IGNORECASE)
_SURROGATES = range(0xD800, 0xE000)
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure li ol p h1 h2 h3 h4 h5 h6 header hr pre section"
    " table td th tr ul".split()
)
_BREAK = "\u2029"  # the paragraph separator, which canonical text has none of


class HtmlLoader:
    def load(self, raw: RawDocument) -> Iterator[Article]:
        if len(raw.data) > _MAX_BYTES:
            raise UnreadableArticle(f"It is a page of {len(raw.data) / 1e6:.0f} MB; save it without its pictures.")
        tree = parse_visible(decode(raw.data, raw.charset))
        headings = [" ".join(heading.text_content().split()) for heading in tree.iter("h1")]
        declared = tree.get("lang") or tree.get("xml:lang")
        page = _extract(tree, raw.url)
        title = page.title or next(iter(headings), None)
        text, headline = _with_headline(page.text, title, headings)
        refuse_unreadable(text, title)
        yield make_article(
            text,
            title=title,
            headline=headline,
            url=_canonical_url(page.url, raw.url),
            publisher=page.sitename,
            author=page.author.replace("; ", ", ") if page.author else None,
            published=page.date,
            language=detect_language(text) or declared,
        )


def make() -> HtmlLoader:
    return HtmlLoader()


def parse_visible(page: str) -> Any:
    """The page's lxml tree without elements that are never shown. Raises UnreadableArticle where there is no HTML."""
    from trafilatura import load_html

    tree = load_html(_NUMBERED.sub(_character, canonical_text(page)))
    if tree is None:
        raise UnreadableArticle("It is no HTML page.")
    for element in [element for element in tree.iter() if _is_hidden(element)]:
        if element.getparent() is not None:
            element.drop_tree()
    return tree


def _character(reference: re.Match[str]) -> str:
    """A surrogate's number is no character; the parser would end the text there."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "\ufffd" if code in _SURROGATES else reference[0]


def _is_hidden(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in _ROOTS:
        return False
    attributes = element.attrib
    return (
        (element.tag in _NEVER_SHOWN and attributes.get("type") != "application/ld+json")
        or "hidden" in attributes
        or attributes.get("aria-hidden", "").strip().lower() == "true"
        or bool(_HIDDEN_STYLE.search(attributes.get("style", "")))
    )


def _extract(tree: Any, url: str | None) -> Any:
    from trafilatura import bare_extraction

    page = bare_extraction(
        tree,
        url=url,
        include_comments=False,
        with_metadata=True,
        # The date of publication where the page states it; searching the text for one would be a guess.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or not page.text:  # type: ignore[union-attr]
        raise UnreadableArticle("It is a page without an article's text; save it from a browser, or give its text.")
    return page


def _with_headline(text: str, title: str | None, headings: list[str]) -> tuple[str, str | None]:
    """The text with a headline as its first line, and that line."""
    first = text.split("\n", 1)[0]
    if any(is_headline(first, heading) for heading in [*headings, title or ""]):
        return text, first
    return (f"{title}\n\n{text}", title) if title else (text, None)


def _canonical_url(stated: str | None, fetched: str | None) -> str | None:
    """The address that the page states for itself, unless it names another host than the one it came from."""
    if not fetched:
        return stated
    same = stated and urlsplit(stated).scheme in ("http", "https") and publisher_of(stated) == publisher_of(fetched)
    return stated if same else fetched


def fragment_text(fragment: str) -> str:
    """The visible text of a piece of HTML, as a feed carries it: a paragraph for each block."""
    tree = parse_visible(f"<html><body><div>{fragment}</div></body></html>")
    for element in tree.iter():
        if element.tag in _BLOCKS:
            element.text = _BREAK + (element.text or "")
            element.tail = _BREAK + (element.tail or "")
    paragraphs = (" ".join(paragraph.split()) for paragraph in tree.text_content().split(_BREAK))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
