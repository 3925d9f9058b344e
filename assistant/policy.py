"""What the evidence for and against a claim comes to: the one place where verdicts are made.

| evidence that decides                                        | label               |
|--------------------------------------------------------------|---------------------|
| supports, nothing refutes                                    | supported           |
| refutes, nothing supports                                    | refuted             |
| both, and the later side replaces the earlier one            | the later side's    |
| both                                                         | conflicting         |
| refutes only, by figures that contradict each other          | not enough evidence |
| none                                                         | not enough evidence |

Evidence decides unless a gate of `checks/` has said otherwise: a reader's comment, a caption, a quoted falsehood, a
retracted or a satirical article never do. Copies of one report are one source. One source is named ("according to ..."),
never called true. A text is as good as its weakest claim: refuted before conflicting, before not enough evidence, before
supported.
docs/verdicts.md explains the table to readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from assistant.types import ArticleFacts, CheckedClaim, Evidence, Kind, Label, Stance, Verdict

FURTHER_SOURCE = 0.7  # what is left of the doubt when another independent source says the same
MOST = 0.97  # no number of sources makes it certain
SAME_TIME_DAYS = 7  # two figures this far apart contradict each other; farther apart, the matter may have gone on

Overtakes = Callable[[Evidence, Evidence], str | None]
"""(newer, older) to the reason why the newer one replaces the older, None when they contradict each other."""

WEAKEST_FIRST = (Label.REFUTED, Label.CONFLICTING, Label.NOT_ENOUGH, Label.SUPPORTED)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and what became of the evidence on the way to it."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]
    """What decides first, then by score; what was overtaken carries a note."""


def decide(evidence: Sequence[Evidence], verifier: str, overtakes: Overtakes = lambda newer, older: None) -> Decision:
    """The verdict on one claim. `evidence` carries stances, and numbers of independent sources from 1."""
    kept, reason = _drop_overtaken(evidence, overtakes)
    supports, refutes = _deciding(kept, Stance.SUPPORTS), _deciding(kept, Stance.REFUTES)
    disputed = not supports and _disagree(refutes, overtakes)
    label = Label.NOT_ENOUGH if disputed else _label(supports, refutes)
    behind = {
        Label.SUPPORTED: supports,
        Label.REFUTED: refutes,
        Label.CONFLICTING: supports + refutes,
        Label.NOT_ENOUGH: [],
    }[label]
    verdict = Verdict(
        label,
        _confidence(label, supports, refutes, kept),
        _disputed(refutes) if disputed else _why(label, supports, refutes, kept, reason),
        len({one.source for one in behind}),
        verifier,
    )
    return Decision(verdict, tuple(sorted(kept, key=_order)))


def of_text(claims: Sequence[CheckedClaim], verifier: str) -> Verdict:
    """The verdict on a text: its weakest link, with the confidence of that claim's verdict."""
    verdicts = [checked.verdict for checked in claims if checked.verdict]
    if not verdicts:
        return Verdict(
            Label.NOT_ENOUGH, 1.0, "The text makes no claim that articles could support or refute.", 0, verifier
        )
    if len(verdicts) == 1:
        return verdicts[0]
    label = next(label for label in WEAKEST_FIRST if any(verdict.label == label for verdict in verdicts))
    weakest = min((verdict for verdict in verdicts if verdict.label == label), key=lambda verdict: -verdict.confidence)
    return replace(
        weakest, why=_tally(verdicts, len(claims)), independent_sources=min(v.independent_sources for v in verdicts)
    )


def _label(supports: Sequence[Evidence], refutes: Sequence[Evidence]) -> Label:
    if supports and refutes:
        return Label.CONFLICTING
    if supports or refutes:
        return Label.SUPPORTED if supports else Label.REFUTED
    return Label.NOT_ENOUGH


def _deciding(evidence: Iterable[Evidence], stance: Stance) -> list[Evidence]:
    return sorted((one for one in evidence if one.decides and one.stance is stance), key=lambda one: -one.score)


def _order(one: Evidence) -> tuple[bool, bool, float]:
    return one.stance is Stance.NEUTRAL, not one.decides, -one.score


def _disagree(refutes: Sequence[Evidence], overtakes: Overtakes) -> bool:
    """Whether sources give different figures in place of the claim's, and no later one replaces an earlier one."""
    figures = [(one, _figure(one)) for one in refutes]
    pairs = [
        (one, other)
        for (one, figure), (other, second) in combinations(figures, 2)
        if one.source != other.source and figure and second and figure != second and _same_time(one, other)
    ]
    return bool(pairs) and not any(
        overtakes(*((one, other) if _day(one) > _day(other) else (other, one))) for one, other in pairs
    )


def _same_time(one: Evidence, other: Evidence) -> bool:
    return abs(_day(one) - _day(other)).days <= SAME_TIME_DAYS


def _figure(one: Evidence) -> str:
    return next((d.in_source for d in one.differences if d.kind is Kind.NUMBER), "")


# --- Later and earlier ------------------------------------------------------------------------------------------------


def _drop_overtaken(evidence: Sequence[Evidence], overtakes: Overtakes) -> tuple[list[Evidence], str]:
    """The evidence, where a later article replaces what an earlier one says, that one with a note and no vote."""
    supports, refutes = _deciding(evidence, Stance.SUPPORTS), _deciding(evidence, Stance.REFUTES)
    reasons: dict[Evidence, str] = {}
    for one in supports:
        for other in refutes:
            newer, older = (one, other) if _day(one) > _day(other) else (other, one)
            if older not in reasons and (reason := overtakes(newer, older)):
                reasons[older] = reason
    if _all_gone(supports, reasons) and _all_gone(refutes, reasons):
        return list(evidence), ""
    kept = [
        replace(one, decides=False, notes=(*one.notes, f"Overtaken: {reasons[one]}")) if one in reasons else one
        for one in evidence
    ]
    return kept, next(iter(reasons.values()), "")


def _all_gone(side: Sequence[Evidence], reasons: dict[Evidence, str]) -> bool:
    return all(one in reasons for one in side)


def _day(one: Evidence) -> date:
    return one.article.published if one.article and one.article.published else date.min


# --- How sure, and why ------------------------------------------------------------------------------------------------


def _confidence(
    label: Label, supports: Sequence[Evidence], refutes: Sequence[Evidence], evidence: Sequence[Evidence]
) -> float:
    if label is Label.CONFLICTING:
        return min(_together(supports), _together(refutes))
    if label is Label.NOT_ENOUGH:
        return 1.0 - max((one.score for one in evidence if one.decides), default=0.0)
    return _together(supports or refutes)


def _together(side: Sequence[Evidence]) -> float:
    """The best sentence's probability; each further independent source takes off some of the doubt."""
    doubt = (1.0 - side[0].score) * FURTHER_SOURCE ** (len({one.source for one in side}) - 1)
    return min(MOST, 1.0 - doubt)


def _why(
    label: Label,
    supports: Sequence[Evidence],
    refutes: Sequence[Evidence],
    evidence: Sequence[Evidence],
    overtaken: str,
) -> str:
    if label is Label.CONFLICTING and set(_names(supports)) == set(_names(refutes)):
        have = "has" if len(_names(supports)) == 1 else "each have"
        accounts = f"one says it{_given_as(supports)}, the other says otherwise{_given_as(refutes)}"
        return f"{_opening(_named(supports))} {have} two accounts: {accounts}."
    if label is Label.CONFLICTING:
        return f"The sources disagree: {_named(supports)} {_says(supports)} it, {_named(refutes)} {_says(refutes)} otherwise."
    if label is Label.SUPPORTED:
        return _supported(supports) + (f" Earlier reports differ: {overtaken}" if overtaken else "")
    if label is Label.REFUTED:
        return _refuted(refutes) + (f" Earlier reports differ: {overtaken}" if overtaken else "")
    return _not_enough(evidence)


def _supported(supports: Sequence[Evidence]) -> str:
    n_sources = len({one.source for one in supports})
    if n_sources > 1:
        return f"{n_sources} independent sources say it: {_named(supports)}."
    by = f", which gives it as {_quoted(supports[0].attribution)}" if supports[0].attribution else ""
    return f"One source: according to {_source(supports[0].article)}{by}."


def _disputed(refutes: Sequence[Evidence]) -> str:
    by_figure: dict[str, list[Evidence]] = {}
    for one in refutes:
        by_figure.setdefault(_figure(one), []).append(one)
    given = ", ".join(f"{_named(side)} {_has(side)} {figure}" for figure, side in by_figure.items() if figure)
    return f"No source gives the claim's figure, and the sources contradict each other: {given}."


def _refuted(refutes: Sequence[Evidence]) -> str:
    difference = next((d.note for one in refutes for d in one.differences if d.note), "")
    says = f"{_opening(_named(refutes))} {_says(refutes)} otherwise."
    return f"{says} {difference}" if difference else says


def _not_enough(evidence: Sequence[Evidence]) -> str:
    barred = next((one for one in evidence if not one.decides and one.stance is not Stance.NEUTRAL), None)
    if barred is not None:
        reason = barred.notes[0] if barred.notes else "It is no reporting."
        does = "says" if barred.stance is Stance.SUPPORTS else "denies"
        return f"Only {_source(barred.article)} {does} it, and that does not count: {reason}"
    if not evidence:
        return "No article in the library is about this."
    return "No article says it or contradicts it; the nearest sentences are shown."


def _tally(verdicts: Sequence[Verdict], n_claims: int) -> str:
    counts = [(label.replace("_", " "), sum(one.label == label for one in verdicts)) for label in WEAKEST_FIRST]
    listed = ", ".join(f"{n} {word}" for word, n in (*counts, ("not checked", n_claims - len(verdicts))) if n)
    return f"Of {n_claims} claims: {listed}. The text is as good as its weakest claim."


def _named(side: Sequence[Evidence]) -> str:
    names = _names(side)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _names(side: Sequence[Evidence]) -> list[str]:
    """The sources of one side, one name for each, best first."""
    best: dict[int | None, Evidence] = {}
    for one in side:
        best.setdefault(one.source, one)
    return list(dict.fromkeys(_source(one.article) for one in best.values()))


def _opening(words: str) -> str:
    """As they begin a sentence; a publisher that is named by its domain keeps its small letter."""
    return words if "." in words.partition(" ")[0] else words[:1].upper() + words[1:]


def _given_as(side: Sequence[Evidence]) -> str:
    return f" ({_quoted(side[0].attribution)})" if side[0].attribution else ""


def _says(side: Sequence[Evidence]) -> str:
    return "says" if len(_names(side)) == 1 else "say"


def _has(side: Sequence[Evidence]) -> str:
    return "has" if len(_names(side)) == 1 else "have"


def _source(article: ArticleFacts | None) -> str:
    if article is None:
        return "the evidence"
    name = article.publisher or article.title or article.source_id or f"article {article.id[:12]}"
    return f"{name} ({article.published:%-d %B %Y})" if article.published else f"{name} (undated)"


def _quoted(words: str | None) -> str:
    return f"“{words}”"
