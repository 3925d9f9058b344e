"""Markdown with YAML front matter to one Article. The text is what a reader reads: marks and link targets are gone.

Front matter keys: id, title, url, publisher, author, published, language, status; others are ignored. Without a title
there the first heading is the title.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.articles import make_article
from assistant.decoding import decode
from assistant.errors import UnreadableArticle
from assistant.loaders import RawDocument
from assistant.text import canonical_text
from assistant.types import Article

SUFFIXES = (".md", ".markdown")
MEDIA_TYPES = ("text/markdown", "text/x-markdown")


class MarkdownLoader:
    def load(self, raw: RawDocument) -> Iterator[Article]:
        front, body = split_front_matter(canonical_text(decode(raw.data, raw.charset)))
        heading = next((match[1] for match in map(_HEADING.match, body.split("\n")) if match), None)
        headline = plain_text(heading) if heading else None
        yield make_article(
            plain_text(body),
            title=_string(front, "title") or headline,
            headline=headline,
            url=_string(front, "url") or raw.url,
            publisher=_string(front, "publisher"),
            author=_string(front, "author") or _string(front, "authors"),
            published=_string(front, "published") or _string(front, "date"),
            language=_string(front, "language"),
            status=_string(front, "status"),
            source_id=_string(front, "id"),
        )


def make() -> MarkdownLoader:
    return MarkdownLoader()


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """The front matter, all values strings as written, and what follows it.

    A text that only opens with a rule ("---") has none. Raises UnreadableArticle that names the line YAML stumbled on.
    """
    match = re.match(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not match or not re.match(r"\s*(?:#.*\s+)*[\w\"'-]+[ \t]*:", match[1]):
        return {}, text
    front = _parse_yaml(match[1])
    return front, text[match.end() :]


def _parse_yaml(block: str) -> Mapping[str, Any]:
    import yaml

    try:
        # BaseLoader makes strings only: "language: no" is Norwegian, not false.
        front = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise UnreadableArticle(f"Its front matter is no valid YAML at line {line}: {problem}.") from None
    if not isinstance(front, dict):
        raise UnreadableArticle("Its front matter is no list of `key: value` lines.")
    return front


def _string(front: Mapping[str, Any], key: str) -> str | None:
    value = front.get(key)
    if isinstance(value, list):
        return ", ".join(part for part in value if isinstance(part, str)) or None
    return value if isinstance(value, str) and value not in ("", "null", "~") else None


_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_RULE_OR_DEFINITION = re.compile(
    r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*|\[[^\]^]+\]:[ \t]*\S+.*)$"
)
_QUOTE_MARK = re.compile(r"^ {0,3}(?:> ?)+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TARGET = r"\((?:[^()\n]|\([^()\n]*\))*\)"
# In this order: an image may stand inside a link, and emphasis inside its words.
_INLINE = (
    (re.compile(rf"!\[([^\[\]\n]*)\](?:{_TARGET}|\[[^\[\]\n]*\])"), ""),
    (re.compile(rf"\[([^\[\]\n]*)\](?:{_TARGET}|\[[^\[\]\n]*\])"), r"\1"),
    (re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>"), r"\1"),
    (re.compile(r"(`+)([^`\n]+)\1"), r"\2"),
    (re.compile(r"(?<![\\*])\*\*(?=\S)([^*\n]*(?:\*(?!\*)[^*\n]*)*)(?<=\S)\*\*"), r"\1"),
    (re.compile(r"(?<![\w\\*])\*(?![\s*])([^*\n]+)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w\\])__(?=\S)([^_\n]+)(?<=\S)__(?!\w)"), r"\1"),
    (re.compile(r"(?<![\w\\])_(?=\S)([^_\n]+)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain_text(markdown: str) -> str:
    """Markdown without its marks. Paragraphs, lines and list bullets stay; code stays as it is, without its fence."""
    lines: list[str] = []
    in_code = False
    for line in _COMMENT.sub("", markdown).split("\n"):
        if _FENCE.match(line):
            in_code = not in_code
        elif in_code:
            lines.append(line)
        elif not _RULE_OR_DEFINITION.match(line):
            lines.append(_plain_line(line))
    return "\n".join(lines)


def _plain_line(line: str) -> str:
    line = _HEADING.sub(r"\1", _QUOTE_MARK.sub("", line))
    for pattern, replacement in _INLINE:
        line = pattern.sub(replacement, line)
    return _ENTITY.sub(lambda match: html.unescape(match[0]), line)
