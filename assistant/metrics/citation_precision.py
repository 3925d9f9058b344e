"""Citation precision: the share of an answer's citations that do something for the statement they stand by.

precision = |relevant citations| / |citations|; a citation is relevant if all citations of its statement together
support it, and either this one does so alone or the others no longer do without it. A mean over the answers that cite.
Gao et al., Enabling Large Language Models to Generate Text with Citations (ALCE), EMNLP 2023; its script gives an
answer without citations 0 here, which this shelf leaves to the recall. Support is what the run's verifier says of it.
Example: a supported statement with citations x, which supports it alone, and y, which does not and is not needed, and
an unsupported statement with one citation: 1/3.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.metrics import CitedStatement, Metric, Outcome
from assistant.metrics.citation_recall import judged_statements


def citation_precision(statements: Sequence[CitedStatement]) -> float | None:
    """None without citations."""
    relevant = [found for statement in statements for found in _relevant(statement)]
    return sum(relevant) / len(relevant) if relevant else None


def _relevant(statement: CitedStatement) -> list[bool]:
    """One a citation."""
    return [
        statement.supported and (alone or not without)
        for alone, without in zip(statement.alone, statement.without, strict=True)
    ]


def _score(outcome: Outcome) -> float | None:
    return citation_precision(judged_statements(outcome))


def make() -> tuple[Metric, ...]:
    return (Metric("citation_precision", "citation", _score),)
