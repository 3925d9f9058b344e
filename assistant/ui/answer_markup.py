"""Answers to HTML: the conversation, each sentence with its links and its state. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from itertools import groupby, pairwise

from assistant.bill import Priced, bill_words, sum_words
from assistant.render import finding_words, state_reason
from assistant.types import (
    Answer,
    Article,
    CheckedStatement,
    Citation,
    CitedEvent,
    Difference,
    Filters,
    Match,
    StatementState,
    Zone,
)
from assistant.ui import markup
from assistant.ui.abstention_markup import abstention_html, filter_words
from assistant.ui.states import SINGLE_SOURCE, VERIFIED, StateLabel, labels_of, legend_of, support_of, within

ANYTHING = Filters()

_MARKERS = re.compile(r"(?:[ \u00a0]?\[\d+\])+")
_LEAD = re.compile(r"(?:\w[^:.!?“”\"]{0,50}: )?")  # what an answer may put in front of words that it quotes
_NOT_LOOKED_UP = (
    '<span class="cite pending" role="img" aria-label="source not yet looked up" title="not yet looked up">[·]</span>'
)


def pending_html(question: str, stages: Sequence[str], text: str, cited: Sequence[CitedEvent] = ()) -> str:
    """The turn that is being answered: what was done so far and the text so far, still without its sources.

    Where the model has `cited` something there is a grey mark without a number: nobody has looked it up.
    """
    notes = "".join(f"<li>{escape(stage)}</li>" for stage in stages) or "<li>Searching the articles</li>"
    body = f'<div class="draft" dir="auto">{markup.breaks(_with_places(text, cited))}</div>' if text else ""
    asked = markup.question_html(question)
    return f'<div class="turn pending" aria-busy="true">{asked}<ul class="stages">{notes}</ul>{body}</div>'


def _with_places(text: str, cited: Sequence[CitedEvent]) -> str:
    ends = [0, *(min(one.at, len(text)) for one in cited), len(text)]
    marks = [_NOT_LOOKED_UP * one.count for one in cited]
    return "".join(
        f"{escape(text[start:end])}{mark}" for (start, end), mark in zip(pairwise(ends), [*marks, ""], strict=True)
    )


def stopped_html(question: str) -> str:
    """The turn that a person has stopped. What had come of the answer was never checked, so that nothing of it stays."""
    return f'<div class="turn stopped">{markup.question_html(question)}<p class="note" role="status">Stopped.</p></div>'


def answer_html(answer: Answer, turn: int, asked_with: Filters = ANYTHING, near: Sequence[Article] = ()) -> str:
    """One finished turn. `turn` goes into the ids, so that the links of every turn keep their own marks.

    `near` are the articles that came nearest to a question which they do not answer.
    """
    doubt = f'<p class="doubt" dir="auto"><b>Doubtful:</b> {escape(answer.doubt)}</p>' if answer.doubt else ""
    body = abstention_html(answer, asked_with, near) if answer.abstained else _answer_body(answer, turn)
    notes = [answer.note, _undated(answer, asked_with.as_of)]
    note = "".join(f'<p class="note">{escape(one)}</p>' for one in notes if one)
    bill = bill_words(answer.calls, answer.cost_usd, answer.timings.get("total"))
    below = _rejected(answer) + note + _legend(answer) + (f'<p class="bill">{escape(bill)}</p>' if bill else "")
    head = markup.question_html(answer.question, filter_words(asked_with)) + _tools(answer, turn, asked_with)
    return f'<div class="turn" id="turn-{turn}" data-turn="{turn}">{head}{doubt}{body}{below}</div>'


def _undated(answer: Answer, as_of: date | None) -> str:
    """An article without a date passes every filter; of a question as of a day, that has to be said."""
    if as_of is None or all(citation.article.published for citation in answer.citations):
        return ""
    return f"An article without a date is cited: it may be later than {markup.day(as_of)}."


def _tools(answer: Answer, turn: int, asked_with: Filters) -> str:
    """What can be done with a question once it is answered; ask.js knows how."""
    return (
        '<p class="turn-tools"><button type="button" data-do="edit">Edit</button>'
        '<button type="button" data-do="again" data-tip="With the filters as they are set now.">Ask again</button>'
        f"{_check_tool(answer, turn, asked_with.as_of)}</p>"
    )


def _check_tool(answer: Answer, turn: int, as_of: date | None) -> str:
    """For an answer that states something: what it states, for the tab of checking. All articles count there, not the
    filters, but none that is later than the day that was asked for."""
    said = " ".join(piece.text.strip() for piece in _pieces(answer, turn) if piece.statement)
    if not said:
        return ""
    return (
        f'<button type="button" data-do="check" data-text="{markup.attribute(said)}" data-as-of="{as_of or ""}" '
        'data-tip="What all articles say for and against these sentences.">Check the answer</button>'
    )


def examples_html(examples: Sequence[tuple[str, str]]) -> str:
    """Questions to begin with, each a button with what it teaches."""
    return "".join(
        f'<button type="button" class="example" data-ask="{markup.attribute(question)}">{escape(question)}'
        f"<small>{escape(hint)}</small></button>"
        for question, hint in examples
    )


def follow_ups_html(questions: Sequence[str], asked: str) -> str:
    """Questions to go on with, each a button; an unseen list where there is none.

    They say what was asked before them, so that ask.js can tell when they come too late.
    """
    items = "".join(
        f'<li><button type="button" class="follow-up" data-ask="{markup.attribute(one)}" dir="auto">{escape(one)}</button></li>'
        for one in questions
    )
    facts = f'data-asked="{markup.attribute(asked)}"' + ("" if items else " hidden")
    return f'<nav aria-label="Questions to go on with" {facts}><ul class="follow-ups">{items}</ul></nav>'


def conversation_bill_html(answers: Sequence[Priced]) -> str:
    """What several answers together have cost; nothing where that is one answer's own line, or no model was asked."""
    if len(answers) < 2 or not any(calls for calls, _ in answers):
        return ""
    return f'<p class="bill">This conversation: {escape(sum_words(answers))}</p>'


def citation_link(citation: Citation, turn: int) -> str:
    """ "[2]". What is shown on hover stands in the reader already: title, facts and the marked words."""
    target = markup.source_id(turn, citation.marker)
    source = escape(markup.publisher_and_date(citation.article))
    return (
        f'<a class="cite cite-{citation.status}" href="#{target}" '
        f'aria-label="Source {citation.marker}: {source}">[{citation.marker}]</a>'
    )


def found_words(citation: Citation) -> str:
    """How code found the quote, in words for a reader. Not escaped."""
    if citation.status is Match.VERIFIED:
        return "Verified: word for word in the article."
    return f"Verified apart from typography: {citation.note or 'quotes, dashes or spaces differ.'}"


def _rejected(answer: Answer) -> str:
    if not answer.rejected:
        return ""
    quotes = "".join(
        f'<li><q dir="auto">{escape(c.quote)}</q>{f" <span>{escape(c.note)}</span>" if c.note else ""}</li>'
        for c in answer.rejected
    )
    return f'<div class="rejected"><p>Could not be found in the articles:</p><ul>{quotes}</ul></div>'


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of an answer and what it rests on. `source` is set when it is that citation's quote verbatim,
    behind nothing but a `lead` such as "From a retracted article: "."""

    text: str
    turn: int
    citations: tuple[Citation, ...] = ()
    source: Citation | None = None
    lead: str = ""
    findings: tuple[Difference, ...] = ()
    statement: CheckedStatement | None = None

    @property
    def labels(self) -> tuple[StateLabel, ...]:
        return labels_of(self.statement, self.findings) if self.statement else ()


def _answer_body(answer: Answer, turn: int) -> str:
    def key(piece: _Piece) -> tuple[str, Zone] | None:
        return (piece.source.article.id, piece.source.zone) if piece.source else None

    blocks = []
    for _, run in groupby(_pieces(answer, turn), key):
        pieces = list(run)
        source = pieces[0].source
        blocks.append(_quotation(pieces, source) if source else _prose(pieces))
    return f'<div class="answer">{"".join(blocks)}</div>'


def _pieces(answer: Answer, turn: int) -> list[_Piece]:
    """Cut an answer at its statements and citations; only brackets that stand where a citation ends become links."""
    groups: dict[tuple[int, int], list[Citation]] = {(one.end, one.start): [] for one in answer.statements}
    for citation in answer.citations:
        groups.setdefault((citation.answer_end, citation.answer_start), []).append(citation)
    pieces: list[_Piece] = []
    at = 0
    for (end, start), citations in sorted(groups.items()):
        gap, words = answer.text[at:start], answer.text[max(start, at) : end]
        stated = next((one for one in answer.statements if one.start <= start and end <= one.end), None)
        if gap.strip():
            pieces.append(_Piece(gap, turn))
            gap = ""
        rest = _Piece(
            gap + words, turn, tuple(citations), findings=within(answer.findings, start, end), statement=stated
        )
        verbatim = next((c for c in citations if _LEAD.fullmatch(words.removesuffix(c.quote))), None)
        if verbatim:
            lead = words.removesuffix(verbatim.quote).strip()
            pieces.append(replace(rest, text=verbatim.quote, source=verbatim, lead=lead))
        elif rest.text:
            pieces.append(rest)
        markers = _MARKERS.match(answer.text, end)
        at = max(at, markers.end() if markers else end)
    tail = answer.text[at:]
    return [*pieces, _Piece(tail, turn)] if tail.strip() else pieces


def _prose(pieces: Sequence[_Piece]) -> str:
    html = "".join(_stated(p, escape(p.text)) + _links(p) + _state_labels(p) for p in pieces)
    return f'<p dir="auto">{markup.breaks(html)}</p>{_marked(pieces)}'


def _links(piece: _Piece) -> str:
    links = "".join(citation_link(one, piece.turn) for one in piece.citations)
    return f'<span class="cites">{links}</span>' if links else ""


def _stated(piece: _Piece, html: str) -> str:
    """The words of a statement in an element that tells its state and the marks it rests on; leading space stays outside."""
    one = piece.statement
    sources = " ".join(markup.source_id(piece.turn, citation.marker) for citation in piece.citations)
    if one is None and not sources:
        return html
    words = html.lstrip()
    space = html[: len(html) - len(words)]
    state = f' state-{support_of(one)}" data-tip="{_tip(piece)}' if one else ""
    return f'{space}<span class="stated{state}" data-rests="{sources}">{words}</span>'


def _tip(piece: _Piece) -> str:
    """What is said on hover: the labels, and why."""
    one = piece.statement
    said = ", ".join(label.words for label in piece.labels)
    return markup.attribute(f"{said[:1].upper()}{said[1:]}. {state_reason(one) if one else ''}".rstrip())


def _state_labels(piece: _Piece) -> str:
    """The state in words behind a statement that is not verified: an underline alone says nothing to some readers.

    A button, so that finger and keyboard reach what the mouse gets by hovering.
    """
    return "".join(
        f' <button type="button" class="state-word state-{label.support}" data-tip="{_meaning(label, piece)}">'
        f"{escape(label.words)}</button>"
        for label in piece.labels
        if label != VERIFIED and not (label == SINGLE_SOURCE and piece.source)
    )


def _meaning(label: StateLabel, piece: _Piece) -> str:
    own = state_reason(piece.statement) if piece.statement and label.support is support_of(piece.statement) else ""
    return markup.attribute(f"{label.meaning} {own if label != SINGLE_SOURCE else ''}".rstrip())


def _marked(pieces: Sequence[_Piece]) -> str:
    """What was found in these pieces, each said once, with the words of the article that the answer lacks."""
    notes = {one.note for piece in pieces for one in piece.findings}
    found = dict.fromkeys(
        told
        for piece in pieces
        for told in (*map(finding_words, piece.findings), *((why, "") for why in _objections(piece) - notes))
    )
    items = "".join(f"<li>{escape(note)}{_lacking(words)}</li>" for note, words in found)
    return f'<div class="marked"><p>Marked:</p><ul>{items}</ul></div>' if items else ""


def _objections(piece: _Piece) -> set[str]:
    """Why a statement differs from its source: worth more than a hint, which is easily missed."""
    one = piece.statement
    return {one.why} - {""} if one and one.state in (StatementState.PARTLY, StatementState.CONTRADICTED) else set()


def _lacking(words: str) -> str:
    return f' <q dir="auto">{escape(words)}</q>' if words else ""


def _quotation(pieces: Sequence[_Piece], source: Citation) -> str:
    facts = source.article
    leads = ["", *(piece.lead for piece in pieces)]  # said once where it goes on
    words = "".join(_quoted(piece, lead=piece.lead != before) for piece, before in zip(pieces, leads, strict=False))
    zone = markup.ZONE_WORDS.get(source.zone)
    kind = f' <span class="zone-note">{escape(zone)}</span>' if zone else ""
    caption = f"{escape(facts.publisher or 'publisher unknown')} · {markup.time_html(facts.published)}{kind}"
    single = any(SINGLE_SOURCE in piece.labels for piece in pieces)
    alone = (
        f' · <span data-tip="{markup.attribute(SINGLE_SOURCE.meaning)}">{SINGLE_SOURCE.words}</span>' if single else ""
    )
    return (
        f'<figure class="quotation zone-{source.zone}"><blockquote{markup.lang_html(facts.language)}>{words}</blockquote>'
        f"<figcaption>{caption}{alone} {markup.status_label(facts.status)}</figcaption>{_marked(pieces)}</figure>"
    )


def _quoted(piece: _Piece, lead: bool) -> str:
    said = f'<span class="lead">{escape(piece.lead)}</span> ' if lead and piece.lead else ""
    words = f"{_stated(piece, markup.lines(piece.text))}{_links(piece)}"
    return f'<p dir="auto">{said}{words}{_state_labels(piece)}</p>'


def _legend(answer: Answer) -> str:
    """What the marks of this answer mean, for whoever asks."""
    items = "".join(
        f'<li><span class="drawn state-{label.support}">{escape(label.words)}</span> {escape(label.meaning)}</li>'
        for label in legend_of(answer)
    )
    return f'<details class="legend"><summary>What the marks mean</summary><ul>{items}</ul></details>' if items else ""
