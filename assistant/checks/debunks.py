"""An article to the falsehoods that it repeats in order to refute them: 'The claim: "..." The verdict: false.'

Read from the words of fact-checks and news prose ("falsely claimed that", "it is not true that", "contrary to posts that"), and
from corrections, which repeat what they take back (status.py); no model. Somebody's denial in quotation marks is kept apart
from what the article itself calls false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.checks.saying import attributions
from assistant.checks.status import Standing, Withdrawn, standing, withdrawn_statements
from assistant.chunking import APART, Sentence, article_sentences, zone_at
from assistant.terms import terms
from assistant.types import Article, Span, Zone


@dataclass(frozen=True, slots=True)
class Debunked:
    """Words that an article repeats in order to refute or doubt them. They support nothing."""

    claim: Span
    """The repeated falsehood."""
    words: Span
    """The words that refute it."""
    verdict: str
    """In the article's terms: "false", "not true", "without evidence"."""
    refutes: bool
    """Whether the article itself says that it is false; not so for "misleading", "no evidence" and somebody's denial."""
    by: str | None
    """Who says that it is false, where the article does not say it itself."""
    note: str
    """One sentence for the reader."""


@lru_cache(maxsize=256)
def debunked_claims(article: Article) -> tuple[Debunked, ...]:
    """The falsehoods that the article repeats, in reading order, none inside another."""
    page = _read(article)
    found = [*_labelled(page), *_in_sentences(page), *_followed_by_verdict(page), *_taken_back(article)]
    if any(item.refutes for item in found if item.claim.start < item.words.start) and _is_fact_check(page):
        found += _circulating(page, next(item for item in found if item.refutes))
    kept: list[Debunked] = []
    for item in sorted(found, key=lambda item: (item.claim.start, -item.claim.end, not item.refutes)):
        if not kept or item.claim.start >= kept[-1].claim.end:
            kept.append(item)
    return tuple(kept)


def is_debunked(article: Article, span: Span, statement: str = "") -> Debunked | None:
    """The falsehood that the words at `span` lie in or repeat; None where they repeat none.

    With a statement only a falsehood that shares most of the statement's terms counts: of "Smith, who falsely claimed that
    the moon is cheese, was fined" the fine is no falsehood. Of a correction's two statements only the one taken back counts.
    """
    touched = [item for item in debunked_claims(article) if item.claim.overlaps(span)]
    if terms(statement):
        touched = [item for item in touched if _says(statement, item, article)]
    return max(
        touched,
        key=lambda item: min(item.claim.end, span.end) - max(item.claim.start, span.start),
        default=None,
    )


def _says(statement: str, item: Debunked, article: Article) -> bool:
    taken_back = next((one for one in withdrawn_statements(article) if one.wrong == item.claim), None)
    if taken_back:
        return standing(statement, taken_back, article) is Standing.WITHDRAWN
    wanted = set(terms(statement))
    return 2 * len(wanted & set(terms(article.quote(item.claim)))) >= len(wanted)


# --- The article, sentence by sentence --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    article: Article
    sentences: tuple[Sentence, ...]

    def text(self, sentence: Sentence) -> str:
        return self.article.text[sentence.start : sentence.end]

    def quotations(self, start: int, end: int) -> list[tuple[int, int]]:
        """The words between quotation marks, three at least, within a range."""
        return [
            (start + match.start() + 1, start + match.end() - 1)
            for match in _QUOTED.finditer(self.article.text[start:end])
            if len(match.group().split()) > 2
        ]

    def debunked(
        self, claim: tuple[int, int], words: tuple[int, int], verdict: str, by: str | None = None
    ) -> Iterator[Debunked]:
        text = self.article.text
        start, end = _trim(text, *claim)
        if len(text[start:end].split()) < 2 or _CORRECTING.search(text[max(0, words[0] - 120) : words[0]]):
            return
        verdict = " ".join(verdict.lower().split())
        refutes = by is None and not _WEAK.search(verdict)
        note = f"{by}: {verdict}." if by else f"The article repeats this to refute it: {verdict}."
        if not refutes and by is None:
            note = f"The article repeats this and does not vouch for it: {verdict}."
        span = Span(self.article.id, start, end)
        yield Debunked(span, Span(self.article.id, *words), verdict, refutes, by, note)


def _read(article: Article) -> _Page:
    unread = (*APART, Zone.BYLINE, Zone.CAPTION, Zone.CORRECTION)
    return _Page(article, tuple(s for s in article_sentences(article) if s.zone not in unread))


_CORRECTING = re.compile(r"\b(?:earlier|previous|original|prior) (?:version|alert|headline|story)\b", re.IGNORECASE)
_QUOTED = re.compile('“[^“”"\n]{3,1200}[”"]|„[^„“”\n]{3,1200}[“”]|«[^«»\n]{3,1200}»|(?<![\\w"])"[^"“\n]{3,1200}["”]')
_EDGES = " \t\n\"“”„«»'‘’,;:.-–—"


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return start, end


# --- Verdicts ---------------------------------------------------------------------------------------------------------

_ADVERB = (
    r"(?:(?:also|simply|flatly|just|completely|entirely|totally|patently|wholly|demonstrably|verifiably|clearly|largely|all"
    r"|plainly|quite|absolutely|dangerously|mostly|partly|partially|both|still|therefore|obviously|in fact|equally) ){0,3}"
)
_FALSE = (
    r"(?:not (?:even (?:close to|remotely) )?(?:true|correct|accurate|so|the case|right)|false|untrue|incorrect|inaccurate"
    r"|wrong|nonsense|a (?:\w+ )?(?:lie|myth|hoax|fake|fabrication|falsehood|fiction|false claim)|bogus|fake|fabricated|made up"
    r"|debunked|misleading|baseless|unfounded|unproven|groundless|an? (?:\w+ )?exaggeration|pants on fire|fiction"
    r"|missing context|out of context|unsupported|not supported)"
)
_WEAK = re.compile(
    r"misleading|context|partly|partially|evidence|indication|proof|baseless|unfounded|unproven|groundless|unsupported|unsubstantiated"
    r"|unsourced|exaggerat|supported|unverified"
)
_VERDICT = re.compile(rf"{_ADVERB}{_FALSE}\b", re.IGNORECASE)
_TRUE = re.compile(r"\b(?:true|correct|right|accurate)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|isn['’]t|wasn['’]t|aren['’]t|never|no|far from|hardly)\b", re.IGNORECASE)


def _verdict_in(words: str) -> str | None:
    """The verdict that a line says first, None for "true", "debatable", "more information needed"."""
    false, true = _VERDICT.search(words), _TRUE.search(words)
    if not false:
        return None
    if true and true.start() < false.start() and not _NOT.search(words[: true.start()][-30:]):
        return None
    negated = re.search(r"\b(?:not|isn['’]t|wasn['’]t|aren['’]t|no longer)\s*$", words[: false.start()], re.IGNORECASE)
    return None if negated else false.group()


# --- 'The claim: ...', 'The verdict: ...' -----------------------------------------------------------------------------

_CLAIM_LABEL = re.compile(
    r"(?:the |viral )?(?:claim|rumou?r|falsehood|die behauptung|behauptung|la afirmación|afirmación|l['’]affirmation)"
    r"(?: #?\d{1,2})? ?:\s*",
    re.IGNORECASE,
)
_MYTH_LABEL = re.compile(
    r"(?P<word>myth|mythos|mito|mythe|falsehood)(?: (?:no\. ?)?#?\d{1,2})? ?[:.]\s+", re.IGNORECASE
)
_VERDICT_LABEL = re.compile(
    r"(?:(?:the |our )?(?:verdict|rating|ruling|finding|conclusion|assessment)|facts first|fact|the facts?|the truth|reality"
    r"|bewertung|das urteil|fazit|veredicto|conclusión) ?:\s*",
    re.IGNORECASE,
)
_PAIRED = 60_000  # characters between a claim and its verdict


def _labelled(page: _Page) -> Iterator[Debunked]:
    lines = list(_lines(page))
    pending: tuple[int, int] | None = None
    for i, (start, end) in enumerate(lines):
        line = page.article.text[start:end]
        if label := _MYTH_LABEL.match(line):
            if any(_VERDICT_LABEL.match(page.article.text[a:b]) for a, b in lines[i + 1 : i + 8]) or len(line) < 200:
                yield from page.debunked((start + label.end(), end), (start, start + len(label["word"])), "a myth")
        elif label := _CLAIM_LABEL.match(line):
            pending = _first_claim(page, start + label.end(), end)
        elif label := _VERDICT_LABEL.match(line):
            said = page.article.text[start + label.end() : min(end, start + label.end() + 160)]
            verdict = _verdict_in(said)
            words = (start, min(end, start + label.end() + 160))
            if pending and verdict and start - pending[1] < _PAIRED:
                yield from page.debunked(pending, words, verdict)
            elif verdict and not pending and i:
                for quoted in page.quotations(*lines[i - 1]):
                    yield from page.debunked(quoted, words, verdict)
            pending = None


def _lines(page: _Page) -> Iterator[tuple[int, int]]:
    """The article's lines, without those that hold no sentence that is read."""
    at = 0
    starts = sorted({sentence.start for sentence in page.sentences})
    position = 0
    for line in page.article.text.split("\n"):
        end = at + len(line)
        low = at + len(line) - len(line.lstrip())
        while position < len(starts) and starts[position] < low:
            position += 1
        if line.strip() and position < len(starts) and starts[position] < end:
            yield low, at + len(line.rstrip())
        at = end + 1


def _first_claim(page: _Page, start: int, end: int) -> tuple[int, int]:
    """The claim behind its label: the quotation it opens with, else the line, of a long one the first sentence."""
    quoted = page.quotations(start, end)
    if quoted and quoted[0][0] <= start + 2:
        return quoted[0]
    if end - start > 300:
        end = next((s.end for s in page.sentences if s.start <= start < s.end), end)
    return start, end


# --- "Falsely claimed that ...", "it is not true that ..." ------------------------------------------------------------

_SAY = (
    r"(?:claim|insist|assert|suggest|sa(?:y|id)|stat|alleg|impl|report|declar|argu|believ|told|maintain|contend|indicat|post"
    r"|tweet|announc|repeat)\w*"
)
_NOUN = (
    r"(?:claim|assertion|allegation|rumou?r|theor|notion|belief|idea|narrative|statement|stor|report|post|suggestion"
    r"|accusation|charge|conspirac|information|message|premise|pretext|talking point|view)(?:s|y|ies)?(?: theor(?:y|ies))?"
)
_BAD = (
    r"(?:false|baseless|unfounded|debunked|discredited|disproven|bogus|fake|fabricated|untrue|misleading|unproven|unsupported"
    r"|unsubstantiated|erroneous|mistaken|groundless|inaccurate|unverified|persistent(?:,)? yet unfounded)"
)
_RELATIVE = (  # "reports that have circulated": "that" stands for the reports
    r"(?!(?:has|have|had|is|was|are|were|do|does|did|can|could|would|will|may|might|should|must|led|sparked|spread|went|came"
    r"|got|caused|circulated|appeared|emerged|suggest(?:ed|s)?|show(?:ed|s)?|claim(?:ed|s)?|alleged|forced|prompted|helped"
    r"|continue[sd]?|inspired|fuel+ed|undermined|resulted|soaked|(?:he|she|they|it|we|you) (?:knew|made|spread|push|promot"
    r"|repeat|shar|publish)\w*)\b)"
)
_NO_STATEMENT = r"(?!(?:that|to|about|against|by|on|for|in|as|from|him|her|them|it|and|or|which|who)\b)"
_FINITE = r"(?:will|is|are|was|were|has|have|had|would|could|can|may|to|and|but|who|which|that|as|[a-z]+(?<!fin)(?<!alleg)ed)\b"
_WHEN = r"(?: (?:on|in|at|to|last|this)\b[^,.;:\n]{0,40}?(?=,? that\b)| \w+(?=,? that\b))?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<verdict>falsely|wrongly|incorrectly|erroneously|baselessly|misleadingly|without (?:any |providing )?"
        rf"(?:evidence|proof)),? {_SAY}{_WHEN},? that (?P<claim>\S)",
        rf"\b(?P<verdict>falsely|wrongly|baselessly|misleadingly|without (?:any |providing )?(?:evidence|proof)),?"
        rf" (?:claim|insist|assert|suggest|sa(?:y|id)|alleg|impl|declar|believ)\w* {_NO_STATEMENT}(?P<claim>[^\s–—-])",
        rf"\b{_SAY},? (?P<verdict>falsely|wrongly|incorrectly|erroneously|baselessly|without (?:any |providing |offering )?"
        rf"(?:evidence|proof)),? that (?P<claim>\S)",
        rf"\b(?P<verdict>{_BAD})(?: and {_BAD})? (?:\w+ )?{_NOUN}[”\"]?(?:,? (?:\w+ ){{0,6}})?that {_RELATIVE}(?P<claim>\S)",
        rf"\b(?P<verdict>{_BAD})(?: and {_BAD})? (?:\w+ )?(?:claim|allegation|assertion|accusation|rumou?r)s? of (?!\w+ing\b)"
        rf"(?P<claim>[^\s.,;:]+(?: (?!{_FINITE})[^\s.,;:]+){{0,11}})",
        r"(?:\b(?:the|an?|this|that|his|her|its|their|big|common|popular|widespread|persistent)|['’]s) [“\"]?(?:\w+ )?"
        r"(?P<verdict>(?:big )?lie|myth|hoax|misconception|falsehood|conspiracy theory)[”\"]?,? that "
        rf"{_RELATIVE}(?P<claim>\S)",
        rf"\bit(?:['’]s|['’]s also| is| was| isn['’]t| wasn['’]t) (?P<verdict>{_ADVERB}(?:not (?:even (?:close to|remotely) )?"
        rf"(?:true|correct|accurate|the case)|(?<=n['’]t )(?:true|correct|the case)|false|untrue|incorrect|nonsense"
        rf"|a (?:\w+ )?(?:lie|myth|hoax|fallacy))) (?:to (?:say|claim|suggest) )?(?:\w+ )?that,? (?P<claim>\S)",
        rf"\b(?P<verdict>contrary to) [^.;\n]{{0,80}}?\b{_NOUN}(?: \w+){{0,6}}? that (?P<claim>\S)",
        r"\b(?P<verdict>no (?:scientific |credible |clear )?(?:evidence|proof|indication)) (?:to (?:suggest|support|show)"
        r" (?:\w+ ){0,3}?)?that (?!has\b|is\b|was\b)(?P<claim>\S)",
        r"\b(?P<verdict>stimmt nicht|falsch ist|trifft nicht zu|ist falsch), dass (?P<claim>\S)",
        r"\b(?P<verdict>no es (?:cierto|verdad)|es falso|es mentira|es un bulo) que (?P<claim>\S)",
        r"\b(?P<verdict>il est faux|c['’]est faux|n['’]est pas vrai) qu(?:e |['’])(?P<claim>\S)",
    )
)
_CLAIM_IS = re.compile(
    rf"\b(?:the|this|a|that) (?:\w+ )?{_NOUN}(?: \w+){{0,3}}? that (?P<claim>[^;\n]{{8,300}}?),? (?:is|was|are|were|isn['’]t)"
    rf" (?:rated |therefore )?(?P<verdict>{_ADVERB}{_FALSE})\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    rf"\brate (?:(?P<first>{_ADVERB}{_FALSE}) )?the claim that (?P<claim>[^;\n]{{8,400}}?)"
    rf"(?:(?:,| as| to be)* (?P<verdict>(?-i:[A-Z]{{4,}}(?: [A-Z]{{4,}})?))\b|(?<!\b[A-Z])(?=[.,](?:\s|$)))",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[;:\n–—]|\s-\s|[.!?][”\"’)]*(?:\s|$)|,[”\"’]*\s(?=(?:but|which|who|whose|even|as|despite|though|although|while|when|where"
    r"|according|saying|said|citing|a|an|he|she|they|it|including|prompting|leading|pushing|pulling|drawing|is|was|has|had"
    r"|sparking|refusing|urging|despite|because|after|before|amid|in|on|with|without|\w{3,}ing)\b)|,[”\"]|[”\"](?=[,.;]|$)"
    r"|\s(?=and (?:said|says|called|told|added|has|had|was)\b)"
    r"|\s(?=(?:despite|even though|although|while|whereas|because)\s)"
)
_COMMA = re.compile(r"[,;:.]\s|[.]$")
_ASIDE = re.compile(r", (?:which|who)\b")  # what the paper adds to somebody's words
_TRANSCRIPT = re.compile(r"(?:^|\n)([A-Z][A-Z.'’ -]{2,40}): [^\n]*$")
_CHARGED = re.compile(
    r"\b(?:accus\w+|alleg\w+|charg\w+|lawsuit|sued|complaint|indict\w+|suspected|prosecutors)\b", re.IGNORECASE
)


def _in_sentences(page: _Page) -> Iterator[Debunked]:
    for sentence in page.sentences:
        text = page.text(sentence)[:5000]
        for match in _RATE.finditer(text):
            verdict = _verdict_in(match["first"] or match["verdict"] or "")
            if verdict:
                place = (sentence.start + match.start("claim"), sentence.start + match.end("claim"))
                yield from page.debunked(place, _words_of(sentence, match), verdict)
        for match in () if " rate " in text else _CLAIM_IS.finditer(text):
            if len(match["claim"].split()) < 3:
                continue
            place = (sentence.start + match.start("claim"), sentence.start + match.end("claim"))
            yield from page.debunked(place, _words_of(sentence, match), match["verdict"], _sayer(page, sentence, match))
        for pattern in _PATTERNS:
            for match in pattern.finditer(text):
                start = match.start("claim")
                place = (sentence.start + start, sentence.start + _end_of_clause(text, match))
                verdict = match["verdict"].rstrip(" ,")
                yield from page.debunked(place, _words_of(sentence, match), verdict, _sayer(page, sentence, match))


def _end_of_clause(text: str, match: re.Match[str]) -> int:
    if len(match["claim"]) > 1:
        return match.end("claim")
    ends = _COMMA if match["verdict"].lower() == "contrary to" else _CLAUSE_END
    stop = ends.search(text, match.end("claim"))
    return stop.start() if stop else len(text)


def _words_of(sentence: Sentence, match: re.Match[str]) -> tuple[int, int]:
    group = "verdict" if match["verdict"] else "first" if "first" in match.re.groupindex else "verdict"
    return sentence.start + match.start(group), sentence.start + match.end(group)


def _sayer(page: _Page, sentence: Sentence, match: re.Match[str]) -> str | None:
    """Who calls it false, where that stands in quotation marks or is somebody's statement."""
    start = sentence.start + match.start("verdict")
    end = sentence.start + match.end("verdict")
    cues = attributions(page.text(sentence)[:5000], page.article.language, page.article, sentence.start)
    at = match.start("verdict")
    said = [cue for cue in cues if cue.covers[0] <= at < cue.covers[1] and cue.start != match.start()]
    said = [cue for cue in said if not _ASIDE.search(match.string[min(cue.end, at) : at])]
    if zone_at(page.article, start, end) is Zone.QUOTATION:
        return said[0].words if said else "Somebody quoted here says so"
    label = _TRANSCRIPT.search(page.article.text[max(0, sentence.start - 2000) : start])
    if label:
        return f"{label[1].title()} said"
    said = [cue for cue in said if not match.start() <= cue.start < match.end()]
    if said:
        return said[0].words
    before = page.text(sentence)[: match.start()]
    return "It is alleged here" if _CHARGED.search(before[-120:]) else None


# --- A statement, and the next sentence says that it is wrong ---------------------------------------------------------

_VERDICT_SENTENCE = re.compile(
    rf"(?:(?:but|and|yet|however|except|in fact|in reality),? )?(?:(?:that|this|it|these|those|both|neither"
    rf"|none of (?:it|this|that)|the (?:\w+ )?(?:claim|post|message|statement|stor(?:y|ies)|rumou?r|assertion|report|figure"
    rf"|advice|allegation|image|video|photo|picture)s?)(?: \w+ \w+)?"
    rf"(?: is| was| are| were|['’]s)(?:n['’]t)?) (?P<verdict>{_ADVERB}{_FALSE})\b"
    rf"(?! (?:with|for|to|of|on|in|about|number|way|place|side|time|direction|when|that|any ?more|any longer|yet"
    rf"|now|today|if|unless|until|enough|but)\b)"
    rf"|(?P<bare>not true|false|wrong|untrue|nonsense|that never happened|this never happened|das ist falsch|das stimmt nicht"
    rf"|eso es falso|es falso|c['’]est faux)[.!,]",
    re.IGNORECASE,
)
_N_T = re.compile(r"n['’]t (?:true|right|correct|accurate|the case)", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:claim|assert|alleg|insist|advis|warn|stat|say|said|suggest|read|announc|tell|told|contend)\w*(?: \w+){0,3}?"
    r" that (?P<claim>\S)",
    re.IGNORECASE,
)


def _followed_by_verdict(page: _Page) -> Iterator[Debunked]:
    for before, sentence in zip(page.sentences, page.sentences[1:], strict=False):
        text = page.text(sentence)
        match = _VERDICT_SENTENCE.match(text[:300])
        if not match or page.article.text[before.end : sentence.start].count("\n") > 2:
            continue
        words = (sentence.start, sentence.start + match.end())
        if zone_at(page.article, *words) is Zone.QUOTATION or attributions(text, page.article.language):
            continue
        verdict = match["verdict"] or match["bare"]
        for claim in _said_in(page, before):
            yield from page.debunked(claim, words, verdict)


def _said_in(page: _Page, sentence: Sentence) -> list[tuple[int, int]]:
    """What a sentence repeats: its quotations, else what it says somebody or a post claims; nothing if it is a verdict."""
    text = page.text(sentence)
    if _VERDICT_LABEL.match(text) or _CLAIM_IS.search(text):
        return []
    if quoted := page.quotations(sentence.start, sentence.end):
        return quoted
    if reported := _REPORTED.search(text):
        return [(sentence.start + reported.start("claim"), sentence.end)]
    return _asserted_by_post(page, sentence)


# --- What posts say, on a fact-check's page ---------------------------------------------------------------------------

_FACT_CHECK = re.compile(
    r"\W*(?:fact[- ]?check|claim check|reality check|debunk\w*|hoax\b|faktencheck|faktenfuchs|verificación|verificamos"
    r"|vrai ou faux|désintox)",
    re.IGNORECASE,
)
_POST = (
    r"(?:posts?|tweets?|memes?|messages?|videos?|captions?|screenshots?|(?:facebook|instagram|tiktok|twitter|social media)"
    r" users?|accounts?|chain letter|rumou?rs?)"
)
_SAYS_IT = r"(?:claim|read|state|say|said|assert|alleg|suggest|warn|conclud|declar|advis)\w*"
_POST_SAYS = re.compile(
    rf"\b{_POST}(?: \w+){{0,6}} {_SAYS_IT}\b|\b(?:reads?|states?|says?|said|claims?|claimed) (?:an?|the|one|another) "
    rf"(?:[\w.,]+ ){{0,6}}?{_POST}\b",
    re.IGNORECASE,
)

_POST_ASSERTS = re.compile(
    rf"(?:in |on )?(?:the|this|one|another|an?) (?:\w+ ){{0,3}}?{_POST}(?: \w+){{0,4}}?"
    rf" (?:also |further )?{_SAYS_IT}(?: that)? ",
    re.IGNORECASE,
)


def _is_fact_check(page: _Page) -> bool:
    lead = page.article.text[:400].lstrip("#* \n")
    return bool(_FACT_CHECK.match(page.article.title or "") or _FACT_CHECK.match(lead) or _CLAIM_LABEL.match(lead))


def _circulating(page: _Page, verdict: Debunked) -> Iterator[Debunked]:
    """What posts and messages say, on a page whose verdict is that they are wrong."""
    for sentence in page.sentences:
        text = page.text(sentence)
        if sentence.start < verdict.words.start and _POST_SAYS.search(text[:3000]):
            for claim in page.quotations(sentence.start, sentence.end) or _asserted_by_post(page, sentence):
                yield from page.debunked(claim, (verdict.words.start, verdict.words.end), verdict.verdict)


def _asserted_by_post(page: _Page, sentence: Sentence) -> list[tuple[int, int]]:
    match = _POST_ASSERTS.match(page.text(sentence))
    return [(sentence.start + match.end(), sentence.end)] if match else []


# --- What a correction takes back -------------------------------------------------------------------------------------


def _taken_back(article: Article) -> Iterator[Debunked]:
    for one in withdrawn_statements(article):
        if len(article.quote(one.wrong).split()) > 1 or one.values:
            yield Debunked(
                one.wrong, one.words, _verdict_of(article, one), one.refutes, None, correction_note(article, one)
            )


def _verdict_of(article: Article, one: Withdrawn) -> str:
    return " ".join(article.quote(one.words).lower().split())


def correction_note(article: Article, one: Withdrawn) -> str:
    """One sentence for the reader: what is taken back, and what counts in its place."""
    if not one.refutes:
        return "A former version of the article said this."
    if one.values:
        wrong, right = (article.quote(span) for span in one.values)
        return f"The paper has corrected this: {right}, not {wrong}."
    return "The paper has corrected this: an earlier version was wrong."
