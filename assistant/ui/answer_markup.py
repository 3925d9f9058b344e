"""Answers to HTML: the conversation, each sentence with its links and its state. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

from assistant.bill import Priced, bill_words, sum_words
from assistant.render import STATE_WORDS, finding_words, state_reason
from assistant.types import Answer, CheckedStatement, Citation, CitedEvent, Difference, Match, StatementState, Zone
from assistant.ui import markup

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


def answer_html(answer: Answer, turn: int) -> str:
    """One finished turn. `turn` goes into the ids, so that the links of every turn keep their own marks."""
    doubt = f'<p class="doubt" dir="auto"><b>Doubtful:</b> {escape(answer.doubt)}</p>' if answer.doubt else ""
    body = _abstention(answer) if answer.abstained else _answer_body(answer, turn)
    note = f'<p class="note">{escape(answer.note)}</p>' if answer.note else ""
    bill = bill_words(answer.calls, answer.cost_usd, answer.timings.get("total"))
    below = _rejected(answer) + note + (f'<p class="bill">{escape(bill)}</p>' if bill else "")
    return f'<div class="turn" id="turn-{turn}">{markup.question_html(answer.question)}{doubt}{body}{below}</div>'


def conversation_bill_html(answers: Sequence[Priced]) -> str:
    """What several answers together have cost; nothing where that is one answer's own line, or no model was asked."""
    if len(answers) < 2 or not any(calls for calls, _ in answers):
        return ""
    return f'<p class="bill">This conversation: {escape(sum_words(answers))}</p>'


def citation_link(citation: Citation, turn: int) -> str:
    """ "[2]", with title, publisher, date, quote and how the quote was found on hover."""
    facts = citation.article
    title = "\n".join(
        (
            facts.title or "untitled",
            markup.publisher_and_date(facts),
            f"“{citation.quote}”",
            found_words(citation),
        )
    )
    target = markup.source_id(turn, citation.marker)
    return (
        f'<a class="cite cite-{citation.status}" href="#{target}" title="{markup.attribute(title)}" '
        f'aria-label="Source {citation.marker}: {escape(markup.publisher_and_date(facts))}">[{citation.marker}]</a>'
    )


def found_words(citation: Citation) -> str:
    """How code found the quote, in words for a reader. Not escaped."""
    if citation.status is Match.VERIFIED:
        return "Verified: word for word in the article."
    return f"Verified apart from typography: {citation.note or 'quotes, dashes or spaces differ.'}"


def _abstention(answer: Answer) -> str:
    text = answer.text or answer.abstained or ""
    reason = answer.abstained if answer.abstained and answer.abstained not in text else ""
    why = f'<p class="hint">{escape(reason)}</p>' if reason else ""
    return f'<div class="abstained"><p dir="auto">{markup.lines(text)}</p>{why}</div>'


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
    """A stretch of an answer and the links after it. `source` is set when it is that citation's quote verbatim,
    behind nothing but a `lead` such as "From a retracted article: "."""

    text: str
    links: str = ""
    source: Citation | None = None
    lead: str = ""
    findings: tuple[Difference, ...] = ()
    statement: CheckedStatement | None = None


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
            pieces.append(_Piece(gap))
            gap = ""
        links = "".join(citation_link(c, turn) for c in citations)
        found = tuple(one for one in answer.findings if start <= one.start and one.end <= end)
        verbatim = next((c for c in citations if _LEAD.fullmatch(words.removesuffix(c.quote))), None)
        if verbatim:
            lead = words.removesuffix(verbatim.quote).strip()
            pieces.append(_Piece(verbatim.quote, links, verbatim, lead, found, stated))
        elif gap + words:
            pieces.append(_Piece(gap + words, links, findings=found, statement=stated))
        markers = _MARKERS.match(answer.text, end)
        at = max(at, markers.end() if markers else end)
    tail = answer.text[at:]
    return [*pieces, _Piece(tail)] if tail.strip() else pieces


def _prose(pieces: Sequence[_Piece]) -> str:
    html = "".join(
        _stated(p, escape(p.text)) + (f'<span class="cites">{p.links}</span>' if p.links else "") + _state(p.statement)
        for p in pieces
    )
    return f'<p dir="auto">{markup.breaks(html)}</p>{_marked(pieces)}'


def _stated(piece: _Piece, html: str) -> str:
    """The words of a statement in an element that tells its state; white space before them stays outside."""
    one = piece.statement
    if one is None:
        return html
    words = html.lstrip()
    title = f"{STATE_WORDS[one.state].capitalize()}. {state_reason(one)}".rstrip()
    space = html[: len(html) - len(words)]
    return f'{space}<span class="{_state_class(one)}" title="{markup.attribute(title)}">{words}</span>'


def _state(one: CheckedStatement | None) -> str:
    """The state in words behind a statement that is not verified: an underline alone says nothing to some readers."""
    if one is None or one.state is StatementState.VERIFIED:
        return ""
    return f' <span class="state-word {_state_class(one)}">{STATE_WORDS[one.state]}</span>'


def _state_class(one: CheckedStatement) -> str:
    return f"state-{one.state}".replace("_", "-")


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
    """Why a statement differs from its source: worth more than a title, which no finger reaches."""
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
    return (
        f'<figure class="quotation zone-{source.zone}"><blockquote{markup.lang_html(facts.language)}>{words}</blockquote>'
        f"<figcaption>{caption} {markup.status_label(facts.status)}</figcaption>{_marked(pieces)}</figure>"
    )


def _quoted(piece: _Piece, lead: bool) -> str:
    said = f'<span class="lead">{escape(piece.lead)}</span> ' if lead and piece.lead else ""
    words = f'{_stated(piece, markup.lines(piece.text))}<span class="cites">{piece.links}</span>'
    return f'<p dir="auto">{said}{words}{_state(piece.statement)}</p>'
