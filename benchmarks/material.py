"""Articles to measure on: real ones first, then as many seeded variations of them as a measurement asks for.

A variation has one article's paragraphs with sentences drawn from all of them, half of the names and all of the numbers
replaced, so that texts, dates and the words that questions ask for differ as they do in news.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from assistant.loaders import RawDocument
from assistant.resources import data_dir
from assistant.sentences import split_sentences
from assistant.sources import load, read_sources
from assistant.types import Article

SEED = 20251124
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}\b")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_SYLLABLES = "bar cor dan el fen gar hol il jor kel lor mar nor os pel quin ros sten tor ul ver wen yar zel".split()


@dataclass(frozen=True, slots=True)
class Text:
    """What both sides are given of an article."""

    id: str
    title: str
    published: date | None
    text: str


def read_articles(path: Path | None) -> list[Article]:
    """The articles of a JSONL file or a folder; None is the sample corpus. Raises ValueError when there are none."""
    source = path or data_dir("corpus")
    raws = [raw for raw in read_sources([source]) if isinstance(raw, RawDocument)]
    articles = [found for raw in raws for found in load(raw) if isinstance(found, Article)]
    if not articles:
        raise ValueError(f"{source} holds no article that can be read.")
    return articles


def texts(articles: Sequence[Article], seed: int = SEED) -> Iterator[Text]:
    """The articles, then variations of them without end. Equal seeds give equal texts."""
    originals = [
        Text(article.source_id or article.id[:12], article.title or "", article.published, article.text)
        for article in articles
    ]
    yield from originals
    pool = [sentence for article in originals for sentence in _sentences(article.text)]
    rng = random.Random(seed)
    number = 0
    while True:
        for original in originals:
            number += 1
            yield _vary(original, pool, number, rng)


def take_chars(source: Iterable[Text], n_chars: int) -> list[Text]:
    """Texts until they hold `n_chars` characters together."""
    taken: list[Text] = []
    for text in source:
        taken.append(text)
        n_chars -= len(text.text)
        if n_chars <= 0:
            break
    return taken


def take(source: Iterator[Text], n: int) -> list[Text]:
    return list(islice(source, n))


def write_jsonl(articles: Iterable[Text], path: Path) -> Path:
    """One JSON object a line, as `assistant ingest` reads it."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            published = article.published and article.published.isoformat()
            record = {"id": article.id, "title": article.title, "published": published, "text": article.text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text) if end - start > 20]


def _vary(original: Text, pool: Sequence[str], number: int, rng: random.Random) -> Text:
    names: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        name = match.group()
        if name not in names:
            names[name] = "".join(rng.choices(_SYLLABLES, k=2)).capitalize() if rng.random() < 0.5 else name
        return names[name]

    paragraphs = [
        " ".join(rng.choices(pool, k=len(split_sentences(paragraph)) or 1))
        for paragraph in original.text.split("\n")
        if paragraph.strip()
    ]
    text = _NAME.sub(renamed, "\n\n".join(paragraphs))
    text = _NUMBER.sub(lambda match: str(rng.randrange(10 ** len(match.group()))), text)
    day = original.published and original.published - timedelta(days=rng.randrange(1000))
    title = _NAME.sub(renamed, original.title)
    return replace(original, id=f"{original.id}-{number}", title=title, published=day, text=text)
