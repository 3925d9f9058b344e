"""Evaluation: a question set and an assistant to figures with intervals.

    cases, failures = load_cases("questions.jsonl")
    report = evaluate(assistant, cases, failures=failures)
    print_report(report)                                   # or write_json(report, "report.json")

`cases` reads sets, `scratch` makes a library for one run, `run` asks and scores, `report` shows. What is scored is on
the metrics' shelf.
"""

from assistant.evaluation.cases import EvalCase, GoldSpan, load_cases
from assistant.evaluation.report import print_report, render_table, to_json, write_json
from assistant.evaluation.run import (
    EvalProgress,
    EvalReport,
    EvalResult,
    Evaluated,
    evaluate,
)
from assistant.evaluation.scratch import scratch_library
from assistant.metrics._estimate import Estimate

__all__ = [
    "Estimate",
    "EvalCase",
    "EvalProgress",
    "EvalReport",
    "EvalResult",
    "Evaluated",
    "GoldSpan",
    "evaluate",
    "load_cases",
    "print_report",
    "render_table",
    "scratch_library",
    "to_json",
    "write_json",
]
