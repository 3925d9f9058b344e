"""The statements of an answer to what stands behind each: its cited words, and whether they say it.

Verbatim words need no judge. Else each cited sentence is compared with the statement, whole and clause by clause: values that
differ, words that it lacks, where the two deny each other, what the gates found, and what the verifier makes of it.
`attribute` finds the sentences that a statement without a citation may rest on; it takes only what carries all of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from assistant.checks.independence import independent_groups
from assistant.statement_support._attribution import choices, lacks_value, rarity
from assistant.statement_support._contradictions import contradiction, opposed_note
from assistant.statement_support._frames import is_frame, unframed, without_answer
from assistant.statement_support._quotes import misquoted, verbatim
from assistant.statement_support._shares import BESIDE, Wanted, parts_of
from assistant.statement_support._slots import exchanged, replaced_note, reworded_note, turned
from assistant.statement_support._sources import Shelf, Source, Statement, orders_a_program, read_statement
from assistant.types import (
    Answer,
    Article,
    CheckedStatement,
    Citation,
    Difference,
    Judgement,
    Kind,
    Span,
    Stance,
    StatementState,
)
from assistant.values import find_values
from assistant.verifiers import Verifier
from assistant.verifiers._reading import terms_of

STATES_NOTHING = "It states nothing that a source could bear out."  # why a frame or a lone "No." is in no source
NOT_VERIFIED = "The cited words are about this; that they say all of it is not verified."
OF_A_COMMENT = "A reader's comment, as the sentence says: opinion, never evidence."
CITED_FROM = 0.6  # share of a statement, by weight, that its cited words and what stands beside them must hold
ABOUT_FROM = 0.25  # share that the cited sentences themselves must hold to be about the same thing
TRIED = 5  # shown sentences, the best, that are looked at closely
NAMED = 3  # words shown of those that are missing

State = tuple[StatementState, str]


def attribute(text: str, shown: Sequence[Span], articles: Mapping[str, Article]) -> tuple[Span, ...]:
    """The shown sentences (at most 2) on which a statement without a citation may rest, best first; empty when none carries it.

    Every number and date of the statement must stand in them, every name in them or beside them, and nothing in them may
    say otherwise. A word counts by how few of the shown sentences have it.
    """
    if is_frame(text):
        return ()
    shelf = Shelf(articles)
    sources = [source for span in dict.fromkeys(shown) for source in shelf.sources(span)]
    wanted = Wanted(text, rarity(sources))
    ranked = sorted(sources, key=lambda source: -wanted.share([source], BESIDE))[:TRIED]
    for chosen in choices(wanted, ranked):
        if not lacks_value(text, chosen) and not opposed_note(text, chosen) and not turned(text, chosen):
            return tuple(dict.fromkeys(source.span for source in chosen))
    return ()


def check_statements(
    answer: Answer,
    ranges: Sequence[tuple[int, int]],
    articles: Mapping[str, Article],
    verifier: Verifier,
    attributed: Collection[tuple[int, int]] = (),
) -> tuple[CheckedStatement, ...]:
    """The state of each statement `answer.text[start:end]`, in order.

    `answer.citations` (answer_start and answer_end equal a range) and `answer.findings` are filled already. The verifier is
    asked only about words that are not verbatim and that nothing else speaks against. A sentence that states
    nothing ("Here is what the articles say.", "No.") is NOT_IN_SOURCES with STATES_NOTHING as its `why`: there is nothing to
    trust and nothing to repair. Raises ModelFailed when the verifier's model fails.
    """
    shelf = Shelf(articles)
    checked = []
    for start, end in ranges:
        statement = read_statement(answer, start, end, shelf)
        state, why = _state(statement, verifier)
        sources = _independent(statement.citations, articles)
        checked.append(CheckedStatement(start, end, state, why, (start, end) in attributed, sources))
    return tuple(checked)


def _independent(citations: Sequence[Citation], articles: Mapping[str, Article]) -> int:
    quotes: dict[str, list[str]] = {}
    for citation in citations:
        quotes.setdefault(citation.span.article_id, []).append(citation.quote)
    if len(quotes) < 2:
        return len(quotes)
    return max(independent_groups([articles[one] for one in quotes], ["\n".join(texts) for texts in quotes.values()]))


# --- The state --------------------------------------------------------------------------------------------------------


def _state(statement: Statement, verifier: Verifier) -> State:
    label = verbatim(statement)
    if label is None and is_frame(statement.text):
        return StatementState.NOT_IN_SOURCES, STATES_NOTHING
    if not statement.sources:
        return StatementState.NOT_IN_SOURCES, "No sentence that was found bears this out."
    if label:
        return _of_verbatim(statement, label)
    statement = _without_answer(statement)
    reporting = [source for source in statement.sources if source.reports]
    if not reporting:
        return StatementState.NOT_IN_SOURCES, "The cited words are a question or an order; they report nothing."
    if why := contradiction(statement, reporting):
        return StatementState.CONTRADICTED, why
    return _support(statement, reporting, verifier)


def _without_answer(statement: Statement) -> Statement:
    text = without_answer(statement.text)
    return replace(statement, text=text, offset=statement.offset + len(statement.text) - len(text))


def _support(statement: Statement, sources: Sequence[Source], verifier: Verifier) -> State:
    """What is left where nothing contradicts: the verifier speaks only where nothing else is amiss."""
    wanted = Wanted(statement.text)
    about = wanted.share(sources) >= ABOUT_FROM
    objection = (
        _first_note(statement.unsaid_findings)
        or misquoted(statement.text, sources)
        or opposed_note(statement.text, sources)
        or replaced_note(statement.text, sources)
    )
    if objection:
        return (StatementState.PARTLY, objection) if about else _NOT_ABOUT
    text = unframed(statement.text, sources)
    judged = _judged(text, sources, verifier)
    comment = statement.tells_of_a_comment
    if not (comment or exchanged(text, sources)) and _supported(text, judged, sources, verifier):
        return StatementState.VERIFIED, ""
    if not about:
        return _NOT_ABOUT
    if refuting := next((one for one in judged if one.stance is Stance.REFUTES and not one.differences), None):
        return StatementState.PARTLY, refuting.why or "The verifier finds that the cited words say otherwise."
    given = _borne_out(statement.text)
    if not comment and wanted.share(sources, BESIDE, given=given) < CITED_FROM:
        return StatementState.PARTLY, f"The cited words do not have {_listed(wanted.missing(sources, given))}."
    return StatementState.CITED, (comment and OF_A_COMMENT) or reworded_note(text, sources) or NOT_VERIFIED


def _borne_out(text: str) -> frozenset[str]:
    """The terms of its dates, where no gate has found anything against them: "Monday" is "19 January 2026"."""
    dates = [value.text for value in find_values(text) if value.kind is Kind.DATE]
    return frozenset().union(*map(terms_of, dates))


_NOT_ABOUT = (StatementState.NOT_IN_SOURCES, "The cited words hardly have anything of this sentence.")
_FIRST_OF_ALL = (Kind.NUMBER, Kind.DATE, Kind.UNIT, Kind.BOUND, Kind.NAME, Kind.ZONE, Kind.STATUS, Kind.HEDGE)


def _first_note(findings: Sequence[Difference]) -> str:
    """The note of the finding that weighs most."""
    if not findings:
        return ""
    first = min(
        findings, key=lambda one: _FIRST_OF_ALL.index(one.kind) if one.kind in _FIRST_OF_ALL else len(_FIRST_OF_ALL)
    )
    return first.note or "The cited words differ from this sentence."


def _judged(text: str, sources: Sequence[Source], verifier: Verifier) -> list[Judgement]:
    """Relative dates of the text count from the day of the article that it is held against."""
    by_day: dict[object, list[Source]] = {}
    for source in sources:
        by_day.setdefault(source.article.published, []).append(source)
    return [
        judgement
        for group in by_day.values()
        for judgement in verifier.judge(text, [one.premise for one in group], group[0].article.published)
    ]


def _supported(text: str, judged: Sequence[Judgement], sources: Sequence[Source], verifier: Verifier) -> bool:
    """Whether one cited sentence says all of it, or each clause is said by one."""
    if any(one.stance is Stance.SUPPORTS for one in judged):
        return True
    parts = parts_of(text)
    return len(parts) > 1 and all(
        any(one.stance is Stance.SUPPORTS for one in _judged(part, sources, verifier)) for part in parts
    )


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[:NAMED]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}" if quoted else "all of this"


def _of_verbatim(statement: Statement, label: re.Match[str]) -> State:
    """Words of the source, unless the gates found that they mislead there and no label says so."""
    if all(orders_a_program(one.quote) for one in statement.citations):
        return StatementState.NOT_IN_SOURCES, "The cited words are an order; they report nothing."
    cut = [source for source in statement.sources if not source.whole]
    if cut and not any(source.reports for source in statement.sources):
        return StatementState.NOT_IN_SOURCES, "The cited words are part of a question or an order; they report nothing."
    if cut and (note := opposed_note(statement.text, cut)):
        return StatementState.PARTLY, note
    said = {Kind.STATUS} if label["status"] else {Kind.ZONE} if label["comment"] else set()
    if note := _first_note([one for one in statement.findings if one.kind not in said]):
        return StatementState.PARTLY, note
    return StatementState.VERIFIED, ""
