"""Checked texts and watched claims to HTML strings for the page.

Pure functions. A checked text is shown as exports/html.py writes it, without that page's own heading. All that comes from a
text or an article is escaped.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.exports import further_words, is_checked, text_word
from assistant.exports.html import Additions, body_html, text_kind
from assistant.types import (
    Article,
    ArticleFacts,
    CheckedClaim,
    Evidence,
    FactCheck,
    Label,
    Stance,
    Verdict,
)
from assistant.ui import markup
from assistant.ui.check_reader_markup import Places
from assistant.watch import Change, Watched

Articles = Mapping[str, Article]

EMPTY_RESULT = (
    '<div class="empty"><h2>The verdict stands here</h2><p>Each claim of the text gets a verdict, with the words of the '
    "articles for it and against it. What they don’t settle is said to be open.</p></div>"
)
_STANCE_WORDS = {
    Stance.SUPPORTS: ("supports", "support"),
    Stance.REFUTES: ("refutes", "refute"),
    Stance.NEUTRAL: ("takes no side", "take no side"),
}
_MEANINGS = (
    ('<span class="sample supported">supported</span>', "A sentence of an article says it, and none says otherwise."),
    ('<span class="sample refuted">refuted</span>', "A sentence of an article says otherwise, and none says it."),
    ('<span class="sample conflicting">conflicting</span>', "Articles say both; no side is picked."),
    ('<span class="sample not-enough-evidence">not enough evidence</span>', "The articles don’t settle it."),
    (
        '<span class="sample unchecked">not checked</span>',
        "An opinion, a question or a forecast; only facts are checked.",
    ),
    ('<mark class="quote">marked words</mark>', "The article’s own words, in their paragraph."),
    ('<b class="differs">wavy line</b>', "What differs between the claim and the article."),
    ('<span class="beside">dashed line</span>', "Words beside a quotation that limit or reverse it."),
    ('<span class="badge">not counted</span>', "Shown, and decides nothing: a comment, satire, a retracted article."),
    ('<span class="badge">source 1</span>', "Its independent source; copies of one report share a number."),
    ("<kbd>←</kbd> <kbd>→</kbd>", "From claim to claim."),
)


# ── a checked text ────────────────────────────────────────────────────────────────────────────────────────────────────
def checking_html(seconds: int, claims: tuple[int, int] | None = None) -> str:
    """What is shown while a text is checked; `claims` are those judged and all of them, when there are several."""
    judged = f"{claims[0]} of {claims[1]} claims" if claims and claims[1] > 1 else ""
    waited = " · ".join(filter(None, (judged, f"{seconds} s" if seconds else "")))
    shown = f' <span class="soft" aria-hidden="true">{waited}</span>' if waited else ""
    return f'<p class="progress" role="status">Looking for evidence for and against …{shown}</p>'


def stopped_html() -> str:
    return (
        '<div class="stopped" role="status"><h2>Stopped</h2><p>Nothing was judged: a text is as good as its weakest claim, so '
        "that part of a check would say too much. The text is still in the form.</p></div>"
    )


def verdict_html(check: FactCheck) -> str:
    """The verdict on the whole text, why, how sure that is, and how many claims have which verdict."""
    note = f'<p class="note">{_e(further)}</p>' if (further := further_words(check)) else ""
    sure, counts = (_sure(check.verdict), _counts(check)) if is_checked(check) else ("", "")
    return (
        f'<div class="verdict" role="status"><h2 tabindex="-1" id="verdict-title" class="{text_kind(check)}">'
        f'<span class="said">Verdict on the text: </span><span class="word">{text_word(check)}</span></h2>'
        f'<p class="lead">{_e(check.verdict.why)}{sure}</p>{counts}{_LEGEND}{note}</div>'
    )


def _sure(verdict: Verdict) -> str:
    sources = _sources(verdict.independent_sources)
    return f' <span class="soft">Confidence {verdict.confidence:.2f}{sources}.</span>'


_LEGEND = (
    '<details class="key"><summary>What the marks mean</summary><dl>'
    + "".join(f"<div><dt>{sample}</dt><dd>{meaning}</dd></div>" for sample, meaning in _MEANINGS)
    + "</dl></details>"
)


def checked_html(check: FactCheck, articles: Articles, places: Places) -> str:
    """The text with its marks, the claims, a card for each, conflicts side by side, what is missing and where it comes from.

    A sentence that has a place leads to it in the reader. Links to publishers open beside the page, so that the verdict stays.
    """
    added = Additions(_claim_list(check), _tally_html, lambda evidence: _to_reader(evidence, places))
    return body_html(check, articles, added).replace(
        ' rel="noopener noreferrer"', ' target="_blank" rel="noopener noreferrer"'
    )


def _claim_list(check: FactCheck) -> str:
    """The claims at a glance, each a link to its card; a single one needs no list."""
    if len(check.claims) < 2:
        return ""
    items = "".join(
        f'<li class="{_kind(one.verdict.label) if one.verdict else "unchecked"}"><a href="#claim-{number}">'
        f'<span class="number">{number}</span> <span class="claim" dir="auto">{_e(short(one.claim.text, 110))}</span> '
        f'<span class="word">{label_word(one.verdict.label) if one.verdict else "Not checked"}</span>'
        f"{_tally_html(one)}</a></li>"
        for number, one in enumerate(check.claims, start=1)
    )
    return f'<ol class="claim-list" aria-label="Claims at a glance">{items}</ol>'


def tally(checked: CheckedClaim) -> str:
    """ "2 support, 1 refutes, 3 take no side; 2 independent sources": the shown sentences, and who is behind those counted.

    A sentence that decides nothing is counted apart, whatever its stance.
    """
    counted = Counter(one.stance for one in checked.evidence if one.decides)
    aside = sum(not one.decides for one in checked.evidence)
    told = [f"{n} {_STANCE_WORDS[stance][n > 1]}" for stance in Stance if (n := counted[stance])]
    told += [f"{aside} not counted"] if aside else []
    sources = len({one.source for one in checked.evidence if one.decides and one.source})
    behind = f"{sources} independent source{'' if sources == 1 else 's'}" if sources else ""
    return "; ".join(filter(None, (", ".join(told), behind)))


def _tally_html(checked: CheckedClaim) -> str:
    return f' <span class="tally">{told}</span>' if (told := tally(checked)) else ""


def _to_reader(evidence: Evidence, places: Places) -> str:
    place = places.get(evidence.span)
    if place is None:
        return ""
    part = markup.ZONE_WORDS.get(evidence.zone, "the paper’s report")
    return f'<p class="from soft"><a href="#{place.id}">Read it in the article</a> · {_e(part)}</p>'


def label_word(label: Label) -> str:
    """ "Not enough evidence"."""
    return label.replace("_", " ").capitalize()


def _counts(check: FactCheck) -> str:
    labels = Counter(one.verdict.label if one.verdict else None for one in check.claims)
    items = [
        f'<li><b>{labels[label]}</b> <span class="sample {_kind(label)}">{label_word(label).lower()}</span></li>'
        for label in Label
        if labels[label]
    ]
    items += (
        [f'<li><b>{labels[None]}</b> <span class="sample unchecked">not checked</span></li>'] if labels[None] else []
    )
    claims = f"<li>{len(check.claims)} claim{'' if len(check.claims) == 1 else 's'}:</li>"
    return f'<ul class="verdict-counts" aria-label="Claims">{claims}{"".join(items)}</ul>'


def _sources(n: int) -> str:
    return f", {n} independent source{'' if n == 1 else 's'}" if n else ""


# ── watched claims ────────────────────────────────────────────────────────────────────────────────────────────────────
def watched_html(claims: Sequence[Watched]) -> str:
    """The saved claims with their last verdicts, the last saved one first."""
    if not claims:
        return '<p class="soft">None yet. A watched claim is judged again when articles are added.</p>'
    items = "".join(
        f'<li><p dir="auto">{_e(short(one.text))}</p><p class="soft"><span class="word {_kind(one.label)}">'
        f"{label_word(one.label)}</span> {markup.day(one.checked.date())}</p></li>"
        for one in reversed(claims)
    )
    return f'<ul class="watched">{items}</ul>'


def changes_html(changes: Sequence[Change], judged: int) -> str:
    """The watched claims whose verdict has changed, each with the words that changed it."""
    many = f"{judged} watched claim{'' if judged == 1 else 's'}"
    if not changes:
        return f'<p class="soft" role="status">Judged {many} again: no verdict has changed.</p>'
    return f'<div role="status"><h3>Of {many}, {len(changes)} changed</h3>{"".join(map(_change, changes))}</div>'


def _change(change: Change) -> str:
    before, after = change.before.label, change.after.label
    behind = "".join(map(_behind, change.evidence)) or (
        '<p class="soft">What the former verdict rested on is no longer there.</p>'
    )
    return (
        f'<article class="card {_kind(after)}"><p dir="auto"><b>{_e(short(change.after.text))}</b></p>'
        f'<p><span class="word {_kind(before)}">{label_word(before)}</span> → '
        f'<span class="word {_kind(after)}">{label_word(after)}</span></p>'
        f'<p class="why">{_e(change.after.why)}</p>{behind}</article>'
    )


def _behind(evidence: Evidence) -> str:
    source = source_line(evidence.article) if evidence.article else "publisher unknown"
    return (
        f'<figure class="evidence {evidence.stance}"><figcaption><span class="stance">{evidence.stance.capitalize()}'
        f'</span> {source}</figcaption><blockquote><mark class="quote">{_e(evidence.text)}</mark></blockquote></figure>'
    )


# ── small pieces ──────────────────────────────────────────────────────────────────────────────────────────────────────
def source_line(facts: ArticleFacts) -> str:
    """ "Lake County Observer, 20 January 2026, Wells closed", the title a link to the publisher where there is one."""
    title = facts.title or "untitled"
    link = markup.web_link(facts.url, title)
    return f"<bdi>{_e(markup.publisher_and_date(facts))}</bdi>, <bdi>{link or _e(title)}</bdi>"


def short(text: str, most: int = 160) -> str:
    """The beginning in at most so many characters, cut between words where there are any."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    words, _, _ = text[:most].rpartition(" ")
    return f"{words or text[: most - 1]}…"


def _kind(label: Label) -> str:
    return label.replace("_", "-")


def _e(value: object) -> str:
    return html.escape(str(value))
