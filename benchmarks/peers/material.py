"""A file of articles and a question set to what every system is given and scored by.

The assistant's own loader reads the articles, so that all systems cut the same text; of several versions at one URL all
get the last. Only questions that the articles answer are asked: the others have no right chunk.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.api import Assistant
from assistant.errors import WrongUse
from assistant.evaluation import EvalCase, load_cases
from assistant.metrics import Outcome
from assistant.types import ArticleRow, Span
from benchmarks.peers.child import Asked
from benchmarks.peers.systems import PlainArticle, as_number


@dataclass(frozen=True, slots=True)
class Material:
    texts: Mapping[str, str]
    """By article id."""
    asked: tuple[Asked, ...]
    gold: tuple[Outcome, ...]
    """A question's right articles, spans and answers, in the order asked."""
    left_out: int
    """Questions without gold among the articles."""


def prepare(articles: Path, questions: Path, folder: Path, plain: Path) -> Material:
    """Read both, write the peers' articles to `plain`. Raises WrongUse when no question can be scored."""
    with Assistant(folder / "reading") as assistant:
        assistant.ingest(articles, embed=False)
        rows = assistant.articles(include_replaced=True)
        texts = {row.facts.id: assistant.article(row.facts.id).text for row in rows if row.current}
    _write_plain(rows, texts, plain)
    cases = load_cases(questions).cases
    names = _ids_by_name(rows)
    scored = [(case, gold) for case in cases if (gold := _gold(case, names, texts))]
    if not scored:
        raise WrongUse(
            f"No question of {questions} has its gold among {articles}.", "Give a question set that fits the articles."
        )
    return Material(
        texts=texts,
        asked=tuple((case.question, case.date) for case, _ in scored),
        gold=tuple(gold for _, gold in scored),
        left_out=len(cases) - len(scored),
    )


def _write_plain(rows: Sequence[ArticleRow], texts: Mapping[str, str], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            if row.current:
                article = PlainArticle(row.facts.id, texts[row.facts.id], as_number(row.facts.published))
                file.write(json.dumps(asdict(article)) + "\n")


def _ids_by_name(rows: Sequence[ArticleRow]) -> dict[str, set[str]]:
    """Current articles by the names that gold may use; a replaced version's names stand for the last at its URL."""
    at_url = {row.facts.url: row.facts.id for row in rows if row.current and row.facts.url}
    names: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        current = row.facts.id if row.current else at_url.get(row.facts.url or "")
        for name in (row.facts.id, *row.source_ids):
            if current:
                names[name].add(current)
    return dict(names)


def _gold(case: EvalCase, names: Mapping[str, set[str]], texts: Mapping[str, str]) -> Outcome | None:
    ids = {found for name in case.gold_article_ids for found in names.get(name, {name})}
    if not case.answerable or not ids:
        return None
    spans = [
        Span(found, *place)
        for gold in case.gold_spans
        for found in names.get(gold.article, ())
        for place in _places(texts[found], gold.quote)
    ]
    return Outcome(True, accepted=case.accepted, gold_articles=frozenset(ids), gold_spans=tuple(spans))


def _places(text: str, quote: str) -> list[tuple[int, int]]:
    starts = (start for start in range(len(text)) if text.startswith(quote, start))
    return [(start, start + len(quote)) for start in starts]
