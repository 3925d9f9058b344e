"""A ranking of passages to a ranking of articles, and the grades that it is judged by.

An article counts once, at the rank of its best passage among the articles ("MaxP": Dai & Callan, Deeper Text
Understanding for IR with Contextual Neural Language Modeling, SIGIR 2019).
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.metrics import Outcome
from assistant.types import Hit


def ranked_articles(hits: Iterable[Hit]) -> list[str]:
    """Ids of the articles that the hits come from, best first, each once."""
    return list(dict.fromkeys(hit.passage.span.article_id for hit in hits))


def relevant_articles(outcome: Outcome) -> dict[str, int]:
    """Grades above 0 by article id; a gold article that is not graded has 1."""
    grades = dict.fromkeys(outcome.gold_articles, 1) | dict(outcome.grades)
    return {article_id: grade for article_id, grade in grades.items() if grade > 0}
