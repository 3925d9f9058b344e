"""Labelled claims with their evidence to cases: one row a claim, as benchmarks of fact verification are put together.

`claim`, `label`, `evidence` (texts) or `doc` (one text), `dataset`, and perhaps `id`, `group`, `date` and `gold_sents`, which
of the texts settle the claim (Kamoi et al., WiCE, EMNLP 2023). `dataset` is where a row comes from; it becomes the case's set
and tag. A label 1 or 0 is LLM-AggreFact's: supported or not. Tang, Laban & Durrett, MiniCheck, EMNLP 2024.
"""

from __future__ import annotations

from assistant.cases import EvalCase
from assistant.converters._fields import BadRow, Fields, case_id, day, first_filled, indices, label, optional_text, text
from assistant.converters._rows import Row, RowConverter
from assistant.types import Label

_BINARY = {0: Label.NOT_ENOUGH, 1: Label.SUPPORTED}


def make() -> RowConverter:
    return RowConverter(recognises, _case)


def recognises(row: Fields) -> bool:
    own = {"gold_spans", "gold_article_ids", "answerable"} & row.keys()
    return not own and {"claim", "label", "dataset"} <= row.keys() and bool(row.keys() & {"evidence", "doc"})


def _case(row: Row) -> EvalCase:
    fields = row.value
    evidence = first_filled(fields, "evidence", "doc")
    if not evidence:
        raise BadRow("has no `evidence`: nothing to judge the claim by")
    verdict = _verdict(fields)
    dataset = optional_text(fields, "dataset")
    return EvalCase(
        id=case_id(fields, f"line-{row.number}"),
        claim=text(fields, "claim"),
        answerable=verdict is not Label.NOT_ENOUGH,
        date=day(fields),
        label=verdict,
        evidence=evidence,
        gold_evidence=indices(fields, "gold_sents", len(evidence)),
        group=optional_text(fields, "group"),
        tags=(dataset,) if dataset else (),
        dataset=dataset,
    )


def _verdict(row: Fields) -> Label:
    found = row.get("label")
    return _BINARY[found] if type(found) is int and found in _BINARY else label(row)
