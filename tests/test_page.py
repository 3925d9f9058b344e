"""The page in a real Chromium: from a question to the marked words, on a desk and on a phone, in light and in dark."""
from __future__ import annotations

import dataclasses
import hashlib
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assistant.errors import BadQuestion, UnknownArticle
from assistant.types import (
    Answer, AnswerEvent, Article, ArticleFacts, ArticleRow, Citation, DeltaEvent, Failure, Filters, IngestReport, Match,
    Section, Span, StageEvent, Status, Zone,
)


@dataclasses.dataclass(frozen=True)
class Counts:
    articles: int
    passages: int
    embedded: int


def make_article(text: str, zones: tuple[tuple[str, Zone], ...] = (), **facts: object) -> Article:
    article_id = hashlib.sha256(text.encode()).hexdigest()
    sections = tuple(
        Section(Span(article_id, text.index(words), text.index(words) + len(words)), zone) for words, zone in zones
    )
    return Article(id=article_id, text=text, sections=sections, **facts)  # type: ignore[arg-type]


class FakeAssistant:
    """Answers with every sentence that shares a long word with the question, verbatim, a word at a time."""

    def __init__(self, *articles: Article, delay_s: float = 0.0) -> None:
        self.library = {article.id: article for article in articles}
        self.delay_s = delay_s
        self.embedded = len(articles) // 2
        self.asked: list[tuple[str, int, Filters]] = []

    def stream(self, question: str, *, history=(), filters=Filters()):
        if not question.strip():
            raise BadQuestion("The question is empty.", "Type a question.")
        if len(question) > 4000:
            raise BadQuestion(f"The question has {len(question)} characters.", "Ask in at most 4,000.")
        self.asked.append((question, len(history), filters))
        found = self._sentences(question)
        yield StageEvent("retrieve", f"{len(found)} passages from {len({a.id for a, _ in found})} articles", 0.01)
        if not found:
            text = "The articles don’t answer this question."
            yield DeltaEvent(text)
            yield AnswerEvent(Answer(question, text, abstained="No passage fits the question."))
            return
        text, citations = "", []
        for n, (article, span) in enumerate(found, start=1):
            quote = article.quote(span)
            for word in re.findall(r"\S+\s*", quote):
                time.sleep(self.delay_s)
                yield DeltaEvent(word)
            yield DeltaEvent(" ")
            start = len(text)
            text += quote
            zone = next((s.zone for s in article.sections if s.span.start <= span.start < s.span.end), Zone.BODY)
            citations.append(Citation(n, span, quote, facts(article), zone, start, len(text), Match.VERIFIED))
            text += f" [{n}] "
        yield AnswerEvent(Answer(question, text.strip(), tuple(citations)))

    def _sentences(self, question: str) -> list[tuple[Article, Span]]:
        words = set(re.findall(r"\w{5,}", question.casefold()))
        found = []
        for article in self.library.values():
            for match in re.finditer(r"[^.\n]+\.?[”]?", article.text):
                if words & set(re.findall(r"\w{5,}", match[0].casefold())):
                    lead = len(match[0]) - len(match[0].lstrip())
                    found.append((article, Span(article.id, match.start() + lead, match.end())))
        return found[:6]

    def article(self, article_id: str) -> Article:
        if article_id not in self.library:
            raise UnknownArticle(f"No article {article_id}.")
        return self.library[article_id]

    def articles(self, *, include_replaced: bool = False) -> list[ArticleRow]:
        return [ArticleRow(facts(a), (a.source_id or "",), 1, 3, 1, None, True) for a in self.library.values()]

    def publishers(self) -> list[str]:
        return sorted({a.publisher for a in self.library.values() if a.publisher})

    def counts(self) -> Counts:
        self.embedded = min(self.embedded + 1, len(self.library))
        return Counts(len(self.library), 3 * len(self.library), 3 * self.embedded)

    def ingest(self, *sources: str, embed: bool = True, progress=None) -> IngestReport:
        added, failed = [], []
        for source in sources:
            text = Path(source).read_bytes().decode("utf-8", "replace")
            if "\ufffd" in text:
                failed.append(Failure(source, "It holds binary data, not text."))
                continue
            article = make_article(text, title=Path(source).stem)
            self.library[article.id] = article
            added.append(article.id)
        return IngestReport(added=tuple(added), failed=tuple(failed))

    def start_embedding(self) -> None:
        return None


def facts(a: Article) -> ArticleFacts:
    return ArticleFacts(a.id, a.title, a.publisher, a.author, a.published, a.url, a.language, a.status, a.source_id)
