"""What all readers of a report document share: the check of its version, figures as people write them, stages in words.

The document is described in docs/report-format.md. A figure is a mapping with mean, low, high, n and excluded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from assistant.errors import WrongUse

VERSION = 2

Document = Mapping[str, Any]
Figure = Mapping[str, Any]
Unit = Literal["share", "score", "seconds", "dollars", "count"]

GROUP_TITLES = {
    "retrieval": "Finding the passage",
    "answer": "Answers",
    "choice": "Choosing among given answers",
    "abstention": "Abstaining",
    "citation": "Citations",
    "verdict": "Verdicts on claims",
    "calibration": "Confidence",
    "cost": "Cost",
    "latency": "Time",
}

STAGES = {
    "not in the library": "A gold article is not in the library, so no search could find it.",
    "not retrieved": "The search brought up no passage that holds the gold.",
    "ranked out": "A right passage was found, but ranked behind those that the answer is made from.",
    "not picked": "A right passage was among those that the answer is made from; other sentences were taken.",
    "abstained": "The articles hold the answer, and the assistant said that they do not.",
    "answered anyway": "The articles do not hold the answer, and the assistant gave one.",
    "gate": "A right passage was in hand, and quotations of the answer were refused because they do not stand in the article.",
    "wrong citation": "The answer cites words that the question set says it must not.",
    "verdict": "The verdict on the claim is not the gold verdict.",
    "choice": "A wrong choice was taken.",
    "error": "The case ended in an error.",
}

_MEANINGS = {
    "hit": "a right passage is among the first {k}",
    "mrr": "1 / rank of the first right passage, 0 beyond {k}",
    "ndcg": "gold early in the first {k}, discounted by rank",
    "map": "mean average precision over the first {k}",
    "recall": "share of the gold articles among the first {k} passages",
    "answer_contains": "the answer holds an accepted answer",
    "exact_match": "the answer is an accepted answer",
    "f1": "words shared with an accepted answer",
    "choice_accuracy": "the right choice was taken",
    "choice_accuracy_answerable": "the same, where the articles answer",
    "choice_accuracy_unanswerable": "the same, where they do not",
    "choice_accuracy_not_removed": "the same, where the right choice is given",
    "nota_recall": "chose none of them where none is right",
    "nota_precision": "none was right where it chose none",
    "false_abstention": "abstained although the articles answer",
    "correct_abstention": "abstained where the articles do not answer",
    "abstention_precision": "of the abstentions: right ones",
    "abstention_recall": "of the unanswerable cases: abstained",
    "abstention_f1": "precision and recall of abstaining",
    "citation_exactness": "the quotation stands in the article as cited",
    "gold_citation": "cites the gold evidence",
    "wrong_citation": "cites words that are marked as wrong",
    "citation_recall": "statements that their citations support",
    "citation_precision": "citations that support their statement",
    "citation_f1": "citation recall and precision in one",
    "gate_findings_per_100": "quotations not found in the articles, per 100 statements",
    "answer_findings": "the gates marked something in the answer",
    "answer_findings_values": "a number, date or name that no cited words have",
    "answer_findings_voice": "an attribution or a hedge was dropped",
    "answer_findings_cut": "words beside a citation limit or reverse it",
    "answer_findings_place": "cited from a comment, a caption, a falsehood, a withdrawn article",
    "verdict_accuracy": "the verdict is the gold verdict",
    "verdict_balanced_accuracy": "each label's share of right verdicts, averaged",
    "supported_balanced_accuracy": "supported or not; 50 % is chance",
    "verdict_macro_f1": "F1 of each label, averaged",
    "brier": "squared distance of confidence and outcome",
    "ece": "distance of confidence and share right, over bins",
    "aurc": "share wrong, averaged from the surest case on",
    "selective_accuracy": "right among the surest {k} of all",
    "input_tokens": "read by the model, an answer",
    "output_tokens": "written by the model, an answer",
    "price_usd": "US dollars an answer",
}
_KINDS = re.compile(r"(?:answer|choice|verdict)_(?=brier|ece|aurc|selective)|(?<=[a-z])_(?:answer|choice|verdict)$")
_SCORES = frozenset({"mrr", "ndcg", "map", "brier", "ece", "aurc", "auroc", "kappa"})
_SHARE, _POINTS, _SECONDS = "\u00a0%", "\u00a0pts", "\u00a0s"
_CUT = re.compile(r"@([\d.]+)$")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def require_report(document: Document) -> None:
    """Raises WrongUse for anything but a report document of this version."""
    found = document.get("report") if isinstance(document, Mapping) else None
    if found != VERSION or not document.get("runs"):
        what = f"version {found}" if found else "no report document"
        raise WrongUse(f"This is {what}; reports of version {VERSION} can be shown.", "Run: assistant evaluate SET")


def unit_of(name: str, figure: Mapping[str, Any]) -> Unit:
    """What a metric is counted in; the document's own word for it where it has one."""
    unit = figure.get("unit")
    if unit in ("share", "score", "seconds", "dollars", "count"):
        return unit  # type: ignore[no-any-return]
    if figure.get("group") == "latency" or name.endswith("_s"):
        return "seconds"
    if re.search(r"usd|dollar|price", name):
        return "dollars"
    if _base(name) in _SCORES:
        return "score"
    return "count" if figure.get("group") == "cost" or "_per_" in name or (figure.get("mean") or 0) > 1 else "share"


def meaning_of(name: str) -> str:
    """What a metric says, in a few words; empty for one that is not known here."""
    cut = _CUT.search(name)
    return _MEANINGS.get(_base(name), "").format(k=cut[1] if cut else "k")


def _base(name: str) -> str:
    """The metric without its cut-off and the kind of judgement that it is about."""
    bare = _CUT.sub("", name)
    return _KINDS.sub("", bare) if bare not in _MEANINGS else bare


def number(value: float | None, unit: Unit = "share", *, signed: bool = False) -> str:
    """Shares in per cent with one decimal, scores with three, seconds with three digits or so; "n/a" for None."""
    if value is None:
        return "n/a"
    sign = "+" if signed and value > 0 else ""
    text = _plain(value, unit)
    return f"{sign}{text}".replace("-", "−")


def _plain(value: float, unit: Unit) -> str:
    value = value or 0.0  # -0.0 has no sign for a reader
    if unit == "share":
        return f"{100 * value:.1f}{_SHARE}"
    if unit == "score":
        return f"{value:.3f}"
    if unit == "seconds":
        return f"{value:.{_decimals(abs(value))}f}{_SECONDS}"
    if unit == "dollars":
        return f"${value:,.{4 if abs(value) < 1 else 2}f}"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.1f}"


def _decimals(seconds: float) -> int:
    """As many as tell one stage from another."""
    return next(decimals for below, decimals in ((0.01, 4), (1, 3), (10, 2), (float("inf"), 1)) if seconds <= below)


def interval(figure: Mapping[str, Any], unit: Unit, *, signed: bool = False) -> str:
    """ "68.1 to 80.0 %"; empty where there is none."""
    low, high = figure.get("low"), figure.get("high")
    if low is None or high is None:
        return ""
    first = number(low, unit, signed=signed)
    last = number(high, unit, signed=signed)
    return f"{first.removesuffix(_SHARE).removesuffix(_SECONDS)} to {last}"


def points(difference: Mapping[str, Any], unit: Unit) -> tuple[str, str]:
    """A difference of two figures and its interval; shares differ by points of a per cent."""
    say = number(difference.get("difference"), unit, signed=True)
    limits = interval(difference, unit, signed=True)
    return say.replace(_SHARE, _POINTS), limits.replace(_SHARE, _POINTS)


def p_value(p: float | None) -> str:
    if p is None:
        return "n/a"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def groups_of(figures: Sequence[Mapping[str, Figure]]) -> list[tuple[str, list[str]]]:
    """Groups with the names of their metrics, over several runs; what applies to no case of any run is left out."""
    idle = set(unapplied(figures))
    groups: dict[str, dict[str, None]] = {}
    for metrics in figures:
        for name, figure in metrics.items():
            if name not in idle:
                groups.setdefault(str(figure.get("group") or ""), {})[name] = None
    return [(group, sorted(names, key=_place)) for group, names in groups.items()]


def unapplied(figures: Iterable[Mapping[str, Figure]]) -> list[str]:
    """Metrics that apply to no case of any run: they are named, and have no figure."""
    applies: dict[str, bool] = {}
    for metrics in figures:
        for name, figure in metrics.items():
            applies[name] = applies.get(name, False) or figure.get("mean") is not None
    return [name for name, found in applies.items() if not found]


def _place(name: str) -> int:
    """Known metrics stand in the order of _MEANINGS, others after them."""
    known = list(_MEANINGS)
    return known.index(_base(name)) if _base(name) in _MEANINGS else len(known)


def stage_times(run: Mapping[str, Any]) -> dict[str, tuple[Figure, Figure]]:
    """p50 and p95 a stage, in seconds; those that the document has no figure for are worked out from the cases."""
    values: dict[str, list[float]] = {}
    for case in run["cases"]:
        for stage, seconds in (case.get("seconds") or {}).items():
            values.setdefault(stage, []).append(seconds)
    return {stage: (_time(run, stage, found, 50), _time(run, stage, found, 95)) for stage, found in values.items()}


def _time(run: Mapping[str, Any], stage: str, seconds: Sequence[float], q: int) -> Figure:
    figure: Figure | None = (run.get("latency") or {}).get(f"{stage.replace(' ', '_')}_p{q}_s")
    return figure if figure and figure.get("mean") is not None else {"mean": percentile(seconds, q)}


def stage_name(stage: str) -> str:
    known = {"ask": "Question to answer", "retrieve": "Search alone"}
    return known.get(stage, stage.removeprefix("stage ").capitalize())


def lost_counts(run: Mapping[str, Any]) -> dict[str, int]:
    """How many of the run's cases were lost at each stage; those of the document's list first, and only some."""
    found: dict[str, int] = {}
    for case in run["cases"]:
        if case.get("lost_at"):
            found[case["lost_at"]] = found.get(case["lost_at"], 0) + 1
    order = [*STAGES, *(stage for stage in found if stage not in STAGES)]
    return {stage: found[stage] for stage in order if stage in found}


def outcomes(run: Mapping[str, Any]) -> tuple[int, int, int]:
    """Cases without an error that came out right, wrong, and with nothing to compare."""
    rights = [case.get("right") for case in run["cases"] if not case.get("error")]
    return rights.count(True), rights.count(False), rights.count(None)


def caveats(run: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What a reader must know before the figures: a sentence, and the things it speaks of."""
    errors = [f"{case['id']}: {case['error']}" for case in run["cases"] if case.get("error")]
    bad = [f"{failure['source']}: {failure['reason']}" for failure in run.get("failures") or ()]
    missing = [str(name) for name in run.get("missing_gold") or ()]
    said: tuple[tuple[int, str, str, list[str]], ...] = (
        (len(errors), "case ended in an error.", "cases ended in an error.", errors),
        (len(bad), "line of the set was no case and was passed over.", "lines of the set were no cases.", bad),
        (len(missing), f"gold article {_NOT_THERE}", f"gold articles {_NOT_THERE}", missing),
        (run.get("excluded") or 0, f"case {_NOTHING}", f"cases {_NOTHING}", []),
        (run.get("resumed") or 0, f"case {_RESUMED}", f"cases {_RESUMED}", []),
    )
    return [(f"{n} {one if n == 1 else many}", names) for n, one, many, names in said if n]


def shared_caveats(runs: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """The caveats of all runs, each once and with the runs that it holds for."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for run in runs:
        for said, names in caveats(run):
            found.setdefault((said, tuple(names)), []).append(str(run["name"]))
    result = []
    for (said, things), holders in found.items():
        whose = "Every run" if len(holders) == len(runs) else ", ".join(holders)
        result.append((said if len(runs) == 1 else f"{whose}: {said}", list(things)))
    return result


_NOT_THERE = "not in the library; searches for such articles count as misses."
_NOTHING = "without anything to compare passages or answers with."
_RESUMED = "taken over from a run that had been cut off."


def percentile(values: Sequence[float], q: float) -> float:
    """With linear interpolation (Hyndman & Fan, 1996, definition 7); `values` is not empty."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * q / 100
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def printable(text: str) -> str:
    """Without the characters that steer a terminal or turn the writing direction."""
    return _CONTROLS.sub("\ufffd", whole(text))


def whole(text: str) -> str:
    """Text that UTF-8 can hold: lone surrogates become U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)
