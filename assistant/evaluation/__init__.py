"""Evaluation: question sets and an assistant to figures with intervals.

    questions = load_cases("questions.jsonl")
    report = evaluate(assistant, questions.cases, failures=questions.failures)
    document = to_document([report])                       # one JSON value, docs/report-format.md
    print_document(document)                               # or write_json, html_page, cases_csv

`cases` reads sets by the converters' shelf, `scratch` keeps libraries for evaluations, `run` asks and scores, `compare` sets
runs side by side, `report` makes the document that table, page and CSV are made from. What is scored is on the metrics' shelf.
"""

from assistant.cases import EvalCase, GoldSpan
from assistant.evaluation.cases import CaseSet, load_cases
from assistant.evaluation.compare import RunComparison, compare_runs
from assistant.evaluation.csv_report import cases_csv
from assistant.evaluation.files import write_report
from assistant.evaluation.html_report import html_page, html_part
from assistant.evaluation.one_case import Choosing, Evaluated
from assistant.evaluation.report import read_document, reports_of, to_document, write_json, write_text
from assistant.evaluation.result import EvalResult
from assistant.evaluation.run import EvalProgress, EvalReport, evaluate
from assistant.evaluation.scratch import evaluations_folder, scratch_library, write_articles
from assistant.evaluation.table import print_document
from assistant.evaluation.thresholds import Condition, parse_condition
from assistant.metrics._estimate import Estimate

__all__ = [
    "CaseSet",
    "Choosing",
    "Condition",
    "Estimate",
    "EvalCase",
    "EvalProgress",
    "EvalReport",
    "EvalResult",
    "Evaluated",
    "GoldSpan",
    "RunComparison",
    "cases_csv",
    "compare_runs",
    "evaluate",
    "evaluations_folder",
    "html_page",
    "html_part",
    "load_cases",
    "parse_condition",
    "print_document",
    "read_document",
    "reports_of",
    "scratch_library",
    "to_document",
    "write_articles",
    "write_json",
    "write_report",
    "write_text",
]
