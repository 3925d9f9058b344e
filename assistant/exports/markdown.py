"""A checked text to Markdown (CommonMark and GitHub's): verdict, claims, evidence, conflicts, what is missing, provenance.

Whatever comes from a text or an article is escaped, so that it can start no heading, list, table, link or HTML. White space at
the edges of its lines goes, as every reader of Markdown drops it; the words stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.exports import Exporter
from assistant.exports._words import (
    STANCES,
    articles_used,
    certainty,
    claim_word,
    difference_sides,
    distinct,
    evidence_labels,
    further_note,
    further_words,
    is_checked,
    kind_word,
    made_facts,
    one_line,
    opinion_words,
    printable,
    source_parts,
    status_word,
    text_word,
    web_address,
)
from assistant.types import Article, ArticleFacts, CheckedClaim, Conflict, Difference, Evidence, FactCheck

SUFFIX = ".md"
MEDIA_TYPE = "text/markdown"

# Always: what starts spans, links, HTML, entities, tables, mathematics, footnotes, mentions, references to issues, templates.
_ACTIVE = re.compile(r"[\\`*_\[\]<>|~&$#@^{}]")
_BARE_LINK = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=[wW]{3})\.|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_LINE_START = re.compile(r"^(?:[-+=:]|\d{1,9}(?=[.)]))")


def make() -> Exporter:
    return Exporter(export, SUFFIX, MEDIA_TYPE)


def export(check: FactCheck, articles: Mapping[str, Article]) -> str:
    sure = f" ({certainty(check.verdict)})" if is_checked(check) else ""
    blocks = [
        "# Fact check",
        *quoted(check.statement),
        f"**{text_word(check)}**{sure}. {escaped(check.verdict.why)}".strip(),
        "This is the draft of a program: it says what the articles at hand say, and a person has to judge it.",
        *([f"Note: {escaped(further)}"] if (further := further_words(check)) else ()),
    ]
    for number, checked in enumerate(check.claims, start=1):
        blocks += _claim(number, checked, articles)
    if check.conflicts:
        blocks += ["## Conflicts", *(block for one in check.conflicts for block in _conflict(one))]
    if check.missing:
        blocks += ["## What is missing", bullets(map(escaped, check.missing))]
    blocks += [*_articles(check), *_provenance(check)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def escaped(text: object) -> str:
    """One line of text that is nothing but text."""
    line = _ACTIVE.sub(r"\\\g<0>", one_line(text))
    line = _BARE_LINK.sub(r"\\\g<0>", line)
    return _LINE_START.sub(_stopped, line)


def _stopped(match: re.Match[str]) -> str:
    """ "\\- " for "- ", and "1\\." for "1.": the backslash goes before the mark."""
    start = match.group()
    return f"{start}\\" if start[0].isdigit() else f"\\{start}"


def quoted(text: str) -> list[str]:
    """A block quotation, paragraph by paragraph."""
    lines = [escaped(line) for line in printable(text).split("\n")]
    return ["\n".join(f"> {line}".rstrip() for line in lines)]


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _claim(number: int, checked: CheckedClaim, articles: Mapping[str, Article]) -> Iterator[str]:
    claim, verdict = checked.claim, checked.verdict
    yield f"## Claim {number}: {claim_word(checked)}"
    yield from quoted(claim.text)
    if claim.resolved and claim.resolved != claim.text:
        yield f"Read as: {escaped(claim.resolved)}"
    if verdict is None:
        return
    yield f"{escaped(verdict.why)} ({certainty(verdict)})".strip()
    yield from _differences(checked.differences)
    if not checked.evidence:
        yield "No sentence of the articles speaks of it."
    for evidence in checked.evidence:
        yield from _evidence(evidence, articles, checked.differences)
    if checked.opinion:
        yield escaped(opinion_words(checked.opinion))
    if checked.missing:
        yield "Not settled:"
        yield bullets(map(escaped, checked.missing))
    if checked.rejected:
        yield "Looked at and not used:"
        yield bullets(map(_rejected, checked.rejected))


def _evidence(
    evidence: Evidence, articles: Mapping[str, Article], of_claim: Sequence[Difference] = ()
) -> Iterator[str]:
    labels = [STANCES[evidence.stance], *map(escaped, evidence_labels(evidence))]
    yield f"**{labels[0]}**: {'; '.join([_source(evidence.article), *labels[1:]])}"
    yield from quoted(evidence.text)
    beside = evidence.beside and articles.get(evidence.beside.article_id)
    if evidence.beside and beside:
        yield "Beside it stands:"
        yield from quoted(beside.quote(evidence.beside))
    yield from _differences([one for one in evidence.differences if one not in of_claim])
    if evidence.notes:
        yield bullets(map(escaped, evidence.notes))


def _rejected(evidence: Evidence) -> str:
    reasons = "; ".join(map(escaped, evidence.notes)) or "no reason given"
    return f"{_source(evidence.article)}: “{escaped(evidence.text)}”: {reasons}"


def _source(article: ArticleFacts | None) -> str:
    publisher, day, title = map(escaped, source_parts(article))
    address = web_address(article.url) if article else None
    return f"{publisher}, {day}, “{title}”{f' <{address}>' if address else ''}"


def _differences(
    differences: Sequence[Difference], ours: str = "the claim", theirs: str = "the source"
) -> Iterator[str]:
    if differences:
        yield "What differs:"
        yield bullets(_difference(one, ours, theirs) for one in distinct(differences))


def _difference(difference: Difference, ours: str, theirs: str) -> str:
    sides = difference_sides(difference, ours, theirs)
    said = ", ".join(f"{who} has “{escaped(words)}”" if words else f"{who} has nothing like it" for who, words in sides)
    return f"{kind_word(difference.kind)}: {'. '.join(filter(None, (said, escaped(further_note(difference)))))}"


def _conflict(conflict: Conflict) -> Iterator[str]:
    """A table of two columns: the sources side by side, what differs in bold."""
    sides = (conflict.first, conflict.second)
    spans = (
        [(one.start, one.end) for one in conflict.differences],
        [(one.source_start, one.source_end) for one in conflict.differences],
    )
    heads = " | ".join(_source(side.article) for side in sides)
    quotes = " | ".join(f"“{_emphasised(side, places)}”" for side, places in zip(sides, spans, strict=True))
    yield f"On claim {conflict.claim + 1}: {escaped(conflict.note)}".strip(": ")
    yield f"| {heads} |\n| --- | --- |\n| {quotes} |"
    yield from _differences(conflict.differences, "the first", "the second")


def _emphasised(evidence: Evidence, places: Sequence[tuple[int, int]]) -> str:
    """The quotation on one line, with the places (offsets of the article) in bold."""
    text, start = evidence.text, evidence.span.start
    out, at = "", 0
    for low, high in sorted((max(0, a - start), min(len(text), b - start)) for a, b in places):
        words = text[max(at, low) : high]
        if words.strip():
            before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            out += _inside(text[at : max(at, low)] + before) + f"**{escaped(words)}**" + _inside(after)
            at = high
    return out + _inside(text[at:])


def _inside(text: str) -> str:
    """Escaped, with the spaces at its edges: it stands between other text."""
    line = escaped(text)
    before = " " if text[:1].isspace() and line else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{line}{after}" if line else " " * bool(text)


def _articles(check: FactCheck) -> Iterator[str]:
    used = articles_used(check)
    rows = ((_source(article), status_word(article), f"id {escaped(key[:12])}") for key, article in used.items())
    if used:
        yield "## Articles"
        yield bullets("; ".join(filter(None, row)) for row in rows)


def _provenance(check: FactCheck) -> Iterator[str]:
    facts = [f"{escaped(name)}: {escaped(value)}" for name, value in made_facts(check)]
    if facts:
        yield "## How it was made"
        yield bullets(facts)
