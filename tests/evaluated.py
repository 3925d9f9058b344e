"""A small system to evaluate in place of a real assistant: it answers with the sentence that shares most words."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.cases import EvalCase, GoldSpan
from assistant.errors import UnknownArticle
from assistant.settings import load_settings
from assistant.types import (
    Answer,
    Article,
    ArticleFacts,
    ArticleRow,
    Choice,
    Citation,
    Filters,
    Hit,
    Match,
    Passage,
    Span,
    Status,
    Zone,
)

ANYTHING = Filters()
FERRY = "The ferry Alma ran aground on Tuesday. Nobody was hurt. The captain said the fog was “like a wall”."
COUNCIL = "The council met on Friday. It voted 7 to 2 for new filters. Nobody was hurt."


def make_article(source_id: str, text: str, url: str | None = None) -> Article:
    return Article(
        hashlib.sha256(text.encode()).hexdigest(),
        text,
        title=source_id,
        url=url,
        source_id=source_id,
    )


def facts(article: Article) -> ArticleFacts:
    return ArticleFacts(
        article.id,
        article.title,
        None,
        None,
        None,
        article.url,
        None,
        Status.CURRENT,
        article.source_id,
    )


def row(article: Article, *, current: bool = True, source_ids: tuple[str, ...] = ()) -> ArticleRow:
    return ArticleRow(facts(article), source_ids or (article.source_id or "",), 1, 3, 2, None, current)


class FakeAssistant:
    """Finds sentences that share a long word with the question, and answers with the best one."""

    def __init__(self, *articles: Article, rows: list[ArticleRow] | None = None) -> None:
        self.settings = load_settings(home=Path("library"))
        self.stored = {article.id: article for article in articles}
        self.rows = [row(article) for article in articles] if rows is None else rows
        self.asked: list[tuple[str, Filters]] = []
        self.released = threading.Event()  # ends what hangs

    def retrieve(self, question: str, *, filters: Filters = ANYTHING, k: int | None = None) -> list[Hit]:
        words = {word.strip("?.").lower() for word in question.split() if len(word) > 3}
        passages = [passage for article in self.stored.values() for passage in sentences(article)]
        scored = [(len(words & {w.strip(".").lower() for w in p.text.split()}), p) for p in passages]
        best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])[:k]
        return [Hit(passage, rank, float(score)) for rank, (score, passage) in enumerate(best, 1)]

    def ask(self, question: str, *, filters: Filters = ANYTHING) -> Answer:
        self.asked.append((question, filters))
        if "crash" in question:
            raise RuntimeError("the model\nwent away")
        if "hang" in question:
            self.released.wait(60)
        hits = self.retrieve(question, k=1)
        if not hits:
            return Answer(question, "The articles don't say.", abstained="nothing found")
        passage = hits[0].passage
        about = facts(self.stored[passage.span.article_id])
        citation = Citation(
            1,
            passage.span,
            passage.text,
            about,
            Zone.BODY,
            0,
            len(passage.text),
            Match.VERIFIED,
        )
        return Answer(
            question,
            f"{passage.text} [1]",
            citations=(citation,),
            timings={"answer": 0.001},
        )

    def articles(self, *, include_replaced: bool = False) -> list[ArticleRow]:
        return [row for row in self.rows if row.current or include_replaced]

    def article(self, article_id: str) -> Article:
        if article_id not in self.stored:
            raise UnknownArticle(f"There is no article {article_id}.")
        return self.stored[article_id]


def sentences(article: Article) -> list[Passage]:
    passages, start = [], 0
    for piece in article.text.split(". "):
        text = piece.removesuffix(".") + "."
        passages.append(Passage(Span(article.id, start, start + len(text)), text, None, Zone.BODY, 1))
        start += len(text) + 1
    return passages


class FakeChooser(FakeAssistant):
    """Chooses the given answer that stands in an article, none when there is no such answer."""

    def choose(self, question: str, choices: Sequence[str], *, filters: Filters = ANYTHING) -> Choice:
        texts = " ".join(article.text for article in self.stored.values())
        scores = tuple(float(choice in texts) for choice in choices)
        return Choice(scores.index(1.0) if 1.0 in scores else None, scores, 0.9)


def case(case_id: str, question: str = "", **more: Any) -> EvalCase:
    return EvalCase(case_id, question, **more)


VOTE = case("vote", "Who voted for filters?", answers=("7 to 2",), gold_article_ids=("council",))
FOG = case(
    "fog",
    "What did the captain say about the fog?",
    answers=("like a wall",),
    gold_spans=(GoldSpan("ferry", 'fog was "like a wall"'),),
    gold_article_ids=("ferry",),
)
NORWAY = case("norway", "Which party won Norway's election?", answerable=False)
CRASH = case("crash", "Will the council crash?", answers=("no",), gold_article_ids=("council",))


def articles() -> tuple[Article, Article]:
    return make_article("ferry", FERRY), make_article("council", COUNCIL)
