"""Gate findings: the quotations that code could not find in the articles, per 100 statements that rest on quotations.

100 * sum of findings / sum of statements, over all answers together: a finding is a rejected citation (altered,
misplaced, absent), a statement a stretch of the answer that rests on a citation, shown or rejected. Sentences without a
quotation don't count below the line, or an answer would look cleaner for every unsupported sentence it adds; they are
what citation recall is for. One statement can have several findings, so that 100 is not the top. Readers never see a
rejected quotation: this measures the model, citation_exactness the product. The check is that of Menick et al.,
Teaching Language Models to Support Answers with Verified Quotes, 2022.
Example: answers with 3 and 2 such statements, one quotation rejected: 100 * 1 / 5 = 20.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Metric, Outcome
from assistant.metrics._tally import ratio
from assistant.types import Answer


def findings_per_100(values: Any, weights: Any) -> Any:
    """`values` (..., n, 2): findings and statements of each answer."""
    findings, statements = values[..., 0], values[..., 1]
    return 100 * ratio((findings * weights).sum(axis=-1), (statements * weights).sum(axis=-1))


def count(answer: Answer) -> tuple[int, int]:
    """(findings, statements)"""
    claimed = (*answer.citations, *answer.rejected)
    return len(answer.rejected), len({(citation.answer_start, citation.answer_end) for citation in claimed})


def _score(outcome: Outcome) -> tuple[float, float] | None:
    findings, statements = count(outcome.answer) if outcome.answer else (0, 0)
    return (float(findings), float(statements)) if statements else None


def make() -> tuple[Metric, ...]:
    return (
        Metric(
            "gate_findings_per_100",
            "citation",
            _score,
            statistic=findings_per_100,
            higher_is_better=False,
            unit="count",
        ),
    )
