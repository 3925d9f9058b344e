"""Citation recall: the share of an answer's statements that all their citations together support.

recall = |statements supported by what they cite| / |statements|; a statement without a citation is not supported. A
mean over the answers that have statements; abstentions are excluded. Gao et al., Enabling Large Language Models to
Generate Text with Citations (ALCE), EMNLP 2023. Support is what the run's verifier says of it, and the figure is no
better than that.
Example: four statements, three supported by their citations, one without any: 3/4.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.metrics import CitedStatement, Metric, Outcome


def citation_recall(statements: Sequence[CitedStatement]) -> float | None:
    """None without statements."""
    return sum(statement.supported for statement in statements) / len(statements) if statements else None


def judged_statements(outcome: Outcome) -> tuple[CitedStatement, ...]:
    """What the verifier judged; nothing for an abstention, which states nothing."""
    answered = outcome.answer is not None and outcome.answer.abstained is None
    return outcome.statements or () if answered else ()


def _score(outcome: Outcome) -> float | None:
    return citation_recall(judged_statements(outcome))


def make() -> tuple[Metric, ...]:
    return (Metric("citation_recall", "citation", _score),)
