"""What a reader is told of one statement: labels of a few words, each with its meaning for the legend. Pure functions.

The labels come from what code found (`StatementState` and the findings of the gates); nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.render import STATE_WORDS
from assistant.types import Answer, CheckedStatement, Difference, Kind, StatementState


class Support(StrEnum):
    """How far the cited words carry a statement: the colour and the underline it is drawn with. Worst last."""

    VERIFIED = "verified"
    CITED = "cited"
    PARTLY = "partly"
    CONTRADICTED = "contradicted"
    NOT_IN_SOURCES = "not-in-sources"


SUPPORT_WORDS = {
    Support.VERIFIED: "supports",
    Support.CITED: "wording not verified",
    Support.PARTLY: "supports in part",
    Support.CONTRADICTED: "contradicts",
    Support.NOT_IN_SOURCES: "does not support",
}
"""What cited words do for the statements that rest on them, as the reader says it beside their number."""


@dataclass(frozen=True, slots=True)
class StateLabel:
    """A few words beside a statement, and what they mean."""

    words: str
    meaning: str
    """One sentence for the legend."""
    support: Support


VERIFIED = StateLabel(
    "verified", "Its source says it, word for word or as far as the verifier can tell.", Support.VERIFIED
)
SINGLE_SOURCE = StateLabel(
    "single source", "One independent source stands behind it; copies of one report count once.", Support.VERIFIED
)
_OF_STATE = {
    StatementState.CITED: StateLabel(
        STATE_WORDS[StatementState.CITED],
        "Its source is about it and nothing speaks against it, but code can’t tell whether it says just this.",
        Support.CITED,
    ),
    StatementState.PARTLY: StateLabel(
        STATE_WORDS[StatementState.PARTLY], "Its source carries a part of it only.", Support.PARTLY
    ),
    StatementState.CONTRADICTED: StateLabel(
        STATE_WORDS[StatementState.CONTRADICTED], "Its source says something else.", Support.CONTRADICTED
    ),
    StatementState.NOT_IN_SOURCES: StateLabel(
        STATE_WORDS[StatementState.NOT_IN_SOURCES], "Nothing that was found supports it.", Support.NOT_IN_SOURCES
    ),
}
_NUMBER = StateLabel("number missing", "It has a number, unit or bound that its source lacks.", Support.PARTLY)
_SPEAKER = StateLabel("attribution lost", "Its source says who says so; the statement does not.", Support.PARTLY)
_OTHERWISE = StateLabel("says otherwise", "Its source has a “not” or another outcome.", Support.PARTLY)
_OF_FINDING = {
    Kind.NUMBER: _NUMBER,
    Kind.UNIT: _NUMBER,
    Kind.BOUND: _NUMBER,
    Kind.DATE: StateLabel("date missing", "It has a date that its source lacks.", Support.PARTLY),
    Kind.NAME: StateLabel("name missing", "It has a name that its source lacks.", Support.PARTLY),
    Kind.NEGATION: _OTHERWISE,
    Kind.OPPOSITE: _OTHERWISE,
    Kind.WORDS: StateLabel("altered words", "It changes words that it puts between quotation marks.", Support.PARTLY),
    Kind.SPEAKER: _SPEAKER,
    Kind.ATTRIBUTION: _SPEAKER,
    Kind.CUT: StateLabel("cut quotation", "The words beside the quoted ones limit or reverse them.", Support.PARTLY),
    Kind.HEDGE: StateLabel(
        "hedge lost", "Its source says reportedly, may or plans to; the statement says it as a fact.", Support.PARTLY
    ),
    Kind.ZONE: StateLabel(
        "not reporting", "The words stand in a comment, a caption or a claim that the article denies.", Support.PARTLY
    ),
    Kind.STATUS: StateLabel("doubtful source", "The article was corrected, retracted or is satire.", Support.PARTLY),
}


def support_of(statement: CheckedStatement) -> Support:
    return Support(statement.state.replace("_", "-"))


def labels_of(statement: CheckedStatement, findings: Iterable[Difference]) -> tuple[StateLabel, ...]:
    """Every label of one statement, what counts against it first; `VERIFIED` where nothing does.

    `findings` are those of the statement. "Single source" joins whatever a source stands behind.
    """
    found = dict.fromkeys(_OF_FINDING[one.kind] for one in findings)
    own = _OF_STATE.get(statement.state)
    if own and not (found and statement.state is StatementState.PARTLY):
        found = {own: None, **found}
    found = found or {VERIFIED: None}
    if statement.sources == 1 and statement.state is not StatementState.CONTRADICTED:
        found[SINGLE_SOURCE] = None
    return tuple(found)


def within(findings: Iterable[Difference], start: int, end: int) -> tuple[Difference, ...]:
    """The findings about the characters [start, end) of an answer."""
    return tuple(one for one in findings if start <= one.start and one.end <= end)


def legend_of(answer: Answer) -> tuple[StateLabel, ...]:
    """The labels that an answer's statements have, best first."""
    seen = dict.fromkeys(
        label for one in answer.statements for label in labels_of(one, within(answer.findings, one.start, one.end))
    )
    return tuple(sorted(seen, key=lambda label: (list(Support).index(label.support), label != VERIFIED)))


def worst(statements: Sequence[CheckedStatement]) -> Support | None:
    """The support of the statement that is borne out least: a span is never drawn better than what rests on it."""
    order = list(Support)
    return max(map(support_of, statements), key=order.index, default=None)
