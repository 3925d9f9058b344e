"""A quotation to whether the articles hold its words as they were quoted: exact, altered, cut, misattributed, absent.

Nothing fuzzy is ever exact: likeness only finds the words that were altered. Typography, capitals, final punctuation and
an article's own "he said" between two halves are no alterations; "..." and [brackets] leave words out, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, zip_longest

from assistant.checks.cut import Limit, LimitKind, limits
from assistant.checks.debunks import Debunked, is_debunked
from assistant.checks.speakers import Speech, has_name, is_quoted, same_person, speech_at
from assistant.checks.wording import (
    ALTERED_FROM,
    MOST_WORDS,
    NEAR_FROM,
    Alignment,
    Occurrence,
    Token,
    align,
    common_share,
    is_negation,
    occurrences,
    seam,
    tokens_of,
)
from assistant.chunking import article_sentences, zone_at
from assistant.citations import is_whole
from assistant.errors import WrongUse
from assistant.library import Library, facts_of
from assistant.terms import STOP_WORDS, words
from assistant.text import canonical_text
from assistant.types import Article, Difference, Kind, QuoteCheck, QuotePlace, QuoteStatus, Span, Status, Zone

FEW_WORDS = 3  # so few are said by many: they are exact or absent, never altered
MOST_PLACES = 10
MOST_ARTICLES = 20
MOST_READ, MOST_WEIGHED = 30, 100  # articles that are read for a quotation of few words; its places that are compared
_REPORTING = (Zone.BODY, Zone.QUOTATION, Zone.HEADLINE, Zone.CAPTION, Zone.CORRECTION, Zone.BYLINE)


def normalise_quote(quote: str) -> str:
    """The quotation in canonical form, without the marks and spaces round it.

    Raises WrongUse when no words are left, or more than can be compared.
    """
    text = canonical_text(quote).strip()
    while len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING and not _LETTER.search(text[:1] + text[-1:]):
        text = text[1:-1].strip()
    found = len(tokens_of(text))
    if not _LETTER.search(text) or not found:
        raise WrongUse("The quotation has no words.", "Give the words that somebody is said to have said.")
    if found > MOST_WORDS:
        raise WrongUse(
            f"The quotation has {found:,} words, more than {MOST_WORDS:,}.", "Check a passage of it at a time."
        )
    return text


_OPENING, _CLOSING = "\"'“„«»‘‚›‹", "\"'”“»«’‘‹›"
_LETTER = re.compile(r"[^\W_]")


def check_quotation(
    quote: str, articles: Iterable[Article], by: str | None = None, article_id: str | None = None
) -> QuoteCheck:
    """Whether the articles hold the words of `quote`, said by `by`, in the article `article_id` where that is given.

    Places come in this order: said by `by`; reporting before readers' comments; current articles before retracted ones and
    satire; cut off from what limits them before uncut, the other way round for few words; the newest first; reading order. A
    quotation of few words is cut only where all its places are; it is looked for in the first MOST_READ articles, up to
    MOST_WEIGHED places. Offsets of differences count in `quote`. Never raises.
    """
    candidates = list(dict.fromkeys(articles))
    if not tokens_of(quote):
        return QuoteCheck(quote, by, QuoteStatus.ABSENT, "The quotation has no words.")
    few = len(tokens_of(quote)) <= FEW_WORDS
    places = (place for article in candidates[: MOST_READ if few else None] for place in _places(article, quote, by))
    found = list(islice(places, MOST_WEIGHED if few else None))
    if not found:
        return _not_found(quote, by, candidates, article_id)
    return _found(quote, by, sorted(found, key=lambda place: _order(place, few)), article_id)


# --- The very words, and who says them --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """An occurrence of the very words, and what was found beside it."""

    article: Article
    occurrence: Occurrence
    zone: Zone
    speech: Speech | None
    said_by: bool | None
    """Whether `by` says them; None where the article does not tell, or `by` is no name."""
    limit: Limit | None

    @property
    def debunked(self) -> Debunked | None:
        """The falsehood that the words belong to, which the article repeats to refute it: sought only for what is shown."""
        return is_debunked(self.article, self.span)

    @property
    def span(self) -> Span:
        return Span(self.article.id, self.occurrence.start, self.occurrence.end)

    def shown(self) -> QuotePlace:
        speaker = self.speech.speaker if self.speech else None
        debunked = None if self.limit else self.debunked
        beside = self.limit.span if self.limit else debunked.words if debunked else None
        return QuotePlace(self.span, self.article.quote(self.span), facts_of(self.article), self.zone, speaker, beside)


def _places(article: Article, quote: str, by: str | None) -> Iterator[_Place]:
    return (_place(article, occurrence, by) for occurrence in occurrences(article, quote))


def _place(article: Article, occurrence: Occurrence, by: str | None) -> _Place:
    span = Span(article.id, occurrence.start, occurrence.end)
    first = Span(article.id, *occurrence.parts[0])
    speech = speech_at(article, first)
    zone = zone_at(article, span.start, span.end)
    said_by, limit = _said_by(article, first, speech, by), _limit(article, occurrence)
    return _Place(article, occurrence, zone, speech, said_by, limit)


def _order(place: _Place, few: bool) -> tuple[object, ...]:
    return (
        (True, None, False).index(place.said_by),
        place.zone not in _REPORTING,
        place.article.status not in (Status.CURRENT, Status.CORRECTED),
        few and not is_quoted(place.article, place.span),
        (place.limit is None) is not few,
        -(place.article.published or date.min).toordinal(),
        place.article.id,
        place.occurrence.start,
    )


def _said_by(article: Article, span: Span, speech: Speech | None, by: str | None) -> bool | None:
    """Whether the article has `by` say the words at `span`."""
    if by is None or not by.strip():
        return None
    if any(name and same_person(by, name) for name in (article.publisher, article.author)) and not is_quoted(
        article, span
    ):
        return speech is None or same_person(by, speech.speaker) or None
    if speech is None:
        return None if is_quoted(article, span) or _is_near(article, span, by) else False
    if same_person(by, speech.speaker) or _speaks_for(article, speech, by):
        return True
    return False if has_name(by) and has_name(speech.speaker) else _described(by, speech)


def _described(by: str, speech: Speech) -> bool | None:
    """For a speaker or a `by` without a name: whether the two descriptions share a word that means something."""
    mine = {word.casefold() for word in words(by)} - STOP_WORDS
    theirs = {word.casefold() for word in words(f"{speech.speaker} {speech.role}")} - STOP_WORDS
    return True if mine & theirs else None if not has_name(by) else False


def _speaks_for(article: Article, speech: Speech, by: str) -> bool:
    """Whether `by` stands in the apposition to the speaker: the firm that a spokeswoman speaks for, "the mayor"."""
    wanted = [word.casefold() for word in words(by) if word.casefold() not in STOP_WORDS]
    if not wanted:
        return False
    name = re.escape(speech.speaker.split()[-1])
    owner = re.search(rf"\b{name}, (?:its|their) ", article.text)
    if owner and by in article.text[max(0, owner.start() - 300) : owner.start()]:
        return True
    texts = [
        speech.role,
        *(f"{m[1]} {m[2] or ''}" for m in _beside_name(article.text[:200_000], name) if _apposed(m[1], m[2])),
    ]
    return any(set(wanted) <= {word.casefold() for word in words(text)} for text in texts if text)


def _beside_name(text: str, name: str) -> Iterator[re.Match[str]]:
    """Every place of the name, with the words in front of it and behind it; sought only where the name stands."""
    beside = re.compile(
        rf"([^,.;“”\"\n]{{0,60}}?),? (?:[\w.’'-]+ ){{0,4}}{name}\b((?: of| at| from|,)[^,.;“”\"\n]{{0,80}})?"
    )
    end = 0
    for place in re.finditer(rf"(?<= ){name}\b", text):
        if place.start() >= end and (found := beside.search(text, max(end, place.start() - 400), place.end() + 100)):
            yield found
            end = found.end()


def _apposed(before: str, after: str | None) -> bool:
    """Whether the words round a name describe it: "the managing director of the Skarra Line, X" or "X, the ...", "X of ..."."""
    return bool(after) and bool(
        re.match(r"(?: of| at| from|, (?:an?|the|who|president|head|chief|\w+or\b|\w+er\b))", after or "")
    )


def _is_near(article: Article, span: Span, by: str) -> bool:
    """Whether `by` is named close in front of words that the article does not attribute: it may go on reporting them."""
    surname = (words(by) or [by])[-1]
    start = article.text.rfind("\n\n", 0, max(0, article.text.rfind("\n\n", 0, span.start)))
    return bool(re.search(rf"\b{re.escape(surname)}\b", article.text[max(0, start, span.start - 1200) : span.end]))


# --- What was cut off -------------------------------------------------------------------------------------------------

_LIMITING = re.compile(
    r"\b(?:but|unless|except|only|if|although|though|however|yet|reportedly|allegedly|perhaps|possibly|maybe|may|might|could"
    r"|aber|nur|jedoch|wenn|falls|pero|sólo|salvo|si|mais|sauf)\b",
    re.IGNORECASE,
)


def _limit(article: Article, occurrence: Occurrence) -> Limit | None:
    """What limits or reverses the quoted words: inside what was left out, or beside them."""
    if occurrence.omitted and (inside := _limit_inside(article, occurrence)):
        return inside
    span = Span(article.id, occurrence.start, occurrence.end)
    return _left_behind(article, span) or limits(article, span)


def _limit_inside(article: Article, occurrence: Occurrence) -> Limit | None:
    for (_, low), (high, _) in zip(occurrence.parts, occurrence.parts[1:], strict=False):
        gap = article.text[low:high]
        if _LIMITING.search(gap) or any(is_negation(token.word) for token in tokens_of(gap)):
            left, right = len(gap) - len(gap.lstrip(" ,.;:\n")), len(gap.rstrip())
            span = Span(article.id, low + left, low + right)
            return Limit(span, LimitKind.REVERSES, f"Left out is: “{_line(article.quote(span))}”")
    return None


def _left_behind(article: Article, span: Span) -> Limit | None:
    """A negation, bound, unit or half of an amount that a cut has parted from the words: "not yet |closed", "30| million"."""
    if is_whole(article.text, span.start, span.end) or zone_at(article, span.start, span.end) is Zone.COMMENT:
        return None
    sentence = next((s for s in article_sentences(article) if s.start <= span.start < s.end), None)
    low = sentence.start if sentence and sentence.start < span.start else max(0, span.start - 60)
    if not is_whole(article.text, span.start, len(article.text)) and low < span.start:
        front = article.text[low : span.start]
        cut = Span(article.id, low + _last_words(front, 5), low + len(front.rstrip()))
        if cut.start < cut.end:
            return Limit(cut, LimitKind.REVERSES, f"In front of these words stands: “{_line(article.quote(cut))}”")
    rest = article.text[span.end : span.end + 60].split("\n\n")[0]
    cut = Span(article.id, span.end + len(rest) - len(rest.lstrip()), span.end + _first_words(rest, 5))
    if cut.start < cut.end:
        return Limit(cut, LimitKind.REVERSES, f"The source goes on: “{_line(article.quote(cut))}”")
    return None


def _last_words(text: str, n: int) -> int:
    starts = [match.start() for match in re.finditer(r"\S+", text)]
    return starts[-n] if len(starts) >= n else starts[0] if starts else len(text)


def _first_words(text: str, n: int) -> int:
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    return ends[min(n, len(ends)) - 1] if ends else 0


def _line(text: str, longest: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " ..."


# --- The verdict on words that stand there ----------------------------------------------------------------------------


def _found(quote: str, by: str | None, places: list[_Place], article_id: str | None) -> QuoteCheck:
    n_words = len(tokens_of(quote))
    here = [place for place in places if article_id in (None, place.article.id)]
    if not here:
        return _misattributed(quote, by, places, f"These words do not stand in that article. {_where(places[0])}")
    mine = [place for place in here if place.said_by is not False]
    if not mine:
        return _misattributed(quote, by, here, _another_speaker(here[0], by or ""))
    best = [place for place in mine if place.zone in _REPORTING] or mine
    limited = [place for place in best if place.limit]
    is_cut = bool(limited) and (n_words > FEW_WORDS or len(limited) == len(best))
    changed = _bracketed(quote, mine[0])
    status = QuoteStatus.ALTERED if changed else QuoteStatus.CUT if is_cut else QuoteStatus.EXACT
    ordered = mine + [place for place in places if place not in mine]
    why = " ".join(filter(None, (_headline(status, mine[0]), *_notes(quote, by, mine, status))))
    return QuoteCheck(quote, by, status, why, tuple(place.shown() for place in ordered[:MOST_PLACES]), changed)


def _misattributed(quote: str, by: str | None, places: list[_Place], why: str) -> QuoteCheck:
    shown = tuple(place.shown() for place in places[:MOST_PLACES])
    speaker = shown[0].speaker
    differences: tuple[Difference, ...] = ()
    if by and speaker and places[0].said_by is False:
        span = shown[0].span
        note = f"The source has {speaker} say this, not {by}."
        differences = (Difference(Kind.SPEAKER, "", speaker, 0, 0, span.start, span.start, span.article_id, note),)
    return QuoteCheck(quote, by, QuoteStatus.MISATTRIBUTED, why, shown, differences)


def _another_speaker(place: _Place, by: str) -> str:
    if place.speech:
        return f"These words stand in {_title(place.article)}, but {place.speech.speaker} says them, not {by}."
    return f"These words are those of the article itself, {_title(place.article)}; it does not have {by} say them."


def _headline(status: QuoteStatus, place: _Place) -> str:
    if status is QuoteStatus.CUT and place.limit:
        effect = "reverses" if place.limit.kind is LimitKind.REVERSES else "limits"
        return f"{_where(place)} What stands beside them {effect} them. {place.limit.note}"
    if status is QuoteStatus.ALTERED:
        return f"{_where(place)} The words in brackets are not the source's and change them."
    return _where(place)


def _where(place: _Place) -> str:
    says = f", said by {place.speech.speaker}" if place.speech and place.zone is not Zone.COMMENT else ""
    return f"These words stand in {_title(place.article)}{says}."


def _title(article: Article) -> str:
    facts = ", ".join(filter(None, (article.publisher, str(article.published or ""))))
    name = f"“{article.title}”" if article.title else f"article {article.id[:12]}"
    return f"{name} ({facts})" if facts else name


def _notes(quote: str, by: str | None, places: Sequence[_Place], status: QuoteStatus) -> list[str]:
    """Sentences for the reader on how the words stand there."""
    first = places[0]
    notes = [_zone_note(first), _status_note(first.article)]
    if first.occurrence.omitted and status is not QuoteStatus.ALTERED:
        notes.append("Words were left out or put in brackets.")
    elif len(first.occurrence.parts) > 1:
        notes.append("The article says who speaks between these words.")
    if by and first.said_by is None:
        notes.append(f"The article does not name {by} as the speaker.")
    elif first.speech and not first.speech.quoted and first.zone is not Zone.COMMENT:
        notes.append("The article reports them without quotation marks.")
    if len(tokens_of(quote)) <= FEW_WORDS:
        notes.append("So few words are said by many.")
    return [note for note in notes if note]


def _zone_note(place: _Place) -> str:
    if place.zone is Zone.COMMENT:
        return "They stand in a reader's comment, which is no reporting."
    return "The article repeats them as a falsehood that it refutes." if place.debunked else ""


def _status_note(article: Article) -> str:
    return {
        Status.RETRACTED: "The publisher has retracted this article.",
        Status.SATIRE: "The article is satire.",
    }.get(article.status, "")


def _bracketed(quote: str, place: _Place) -> tuple[Difference, ...]:
    """A "not" or a number that somebody put into [brackets], where the source has none."""
    if not place.occurrence.omitted:
        return ()
    found: list[Difference] = []
    for match in re.finditer(r"\[([^\[\]\n]{1,120})\]", quote):
        inside = tokens_of(match.group(1))
        kind = Kind.NEGATION if any(is_negation(t.word) for t in inside) else Kind.NUMBER
        telling = [t for t in inside if is_negation(t.word) or t.key[0].isdigit()]
        theirs = {t.key for t in tokens_of(place.article.quote(place.span))}
        if telling and not theirs.issuperset(t.key for t in telling):
            start, end = match.start(1) + telling[0].start, match.start(1) + telling[0].end
            note = f'The source does not have "{quote[start:end]}" here.'
            at = place.occurrence.start
            found.append(Difference(kind, quote[start:end], "", start, end, at, at, place.article.id, note))
    return tuple(found)


# --- The verdict on words that do not ---------------------------------------------------------------------------------


def _not_found(quote: str, by: str | None, articles: Sequence[Article], article_id: str | None) -> QuoteCheck:
    absent = QuoteCheck(quote, by, QuoteStatus.ABSENT, "These words stand in none of the articles.")
    if len(tokens_of(quote)) <= FEW_WORDS or not articles:
        return absent
    near = _nearest(quote, articles)
    if (near is None or near[1].share < _SURELY_ALTERED) and (joined := _joined(quote, by, articles)):
        return joined
    if near and near[1].share >= ALTERED_FROM and near[1].differences:
        return _altered(quote, by, near[0], near[1])
    if near and near[1].share >= NEAR_FROM:
        span = Span(near[0].id, near[1].start, near[1].end)
        return replace(
            absent, why=f"{absent.why} The nearest, in {_title(near[0])}, are: “{_line(near[0].quote(span))}”"
        )
    return absent


_SURELY_ALTERED = 0.75  # share of words in common from which two places need not be looked for


def _nearest(quote: str, articles: Sequence[Article]) -> tuple[Article, Alignment] | None:
    """The alignment with the largest share, looking no further into articles that can't beat it."""
    bounded = sorted(((common_share(article, quote), article) for article in articles), key=lambda pair: -pair[0])
    best: tuple[Article, Alignment] | None = None
    for bound, article in bounded:
        if bound < NEAR_FROM or (best and bound < best[1].share):
            break
        alignment = align(article, quote)
        if alignment and (best is None or _better((article, alignment), best)):
            best = article, alignment
    return best


def _better(one: tuple[Article, Alignment], other: tuple[Article, Alignment]) -> bool:
    """The larger share; of equal ones the newer article's."""
    return (one[1].share, one[0].published or date.min) > (other[1].share, other[0].published or date.min)


def _altered(quote: str, by: str | None, article: Article, near: Alignment) -> QuoteCheck:
    span = Span(article.id, near.start, near.end)
    speech = speech_at(article, span)
    speaker = speech.speaker if speech else None
    place = QuotePlace(
        span,
        article.quote(span),
        facts_of(article),
        zone_at(article, span.start, span.end),
        speaker,
        _beside(article, span),
    )
    why = f"Near these words, {_title(article)} has: “{_line(place.quote, 240)}”. {near.differences[0].note}"
    if by and _said_by(article, span, speech, by) is False and speaker:
        why += f" There {speaker} says so, not {by}."
    return QuoteCheck(quote, by, QuoteStatus.ALTERED, why, (place,), near.differences)


def _beside(article: Article, span: Span) -> Span | None:
    limit = limits(article, span)
    return limit.span if limit else None


def _joined(quote: str, by: str | None, articles: Sequence[Article]) -> QuoteCheck | None:
    """Words of two places, each exact, put together as one quotation."""
    found = seam(articles, quote)
    if found is None:
        return None
    at, first, there, second, then = found
    places = tuple(
        QuotePlace(
            span,
            article.quote(span),
            facts_of(article),
            zone_at(article, span.start, span.end),
            _speaker(article, span),
        )
        for article, span in ((first, there), (second, then))
    )
    where = "another article" if first.id != second.id else "another place of the article"
    note = f"From here on the words stand in {where}."
    difference = Difference(Kind.WORDS, quote[at:], "", at, len(quote), there.end, there.end, first.id, note)
    why = f"These words are joined from two places: {_title(first)} and {_title(second)}."
    return QuoteCheck(quote, by, QuoteStatus.ALTERED, why, places, (difference,))


def _speaker(article: Article, span: Span) -> str | None:
    speech = speech_at(article, span)
    return speech.speaker if speech else None


# --- Where to look ----------------------------------------------------------------------------------------------------

_RARE = 6  # words of each stretch that are searched for
_PHRASE = 5  # words in a row, round the rarest, that are searched for as they stand
_STRETCH = 24  # words from which beginning, middle and end of a quotation are searched apart
_MOST_HITS = 4000
_MOST_WITH_PHRASE = 400  # articles that may hold a quotation of few words
_BESIDE = 600  # characters round few words within which their speaker is mostly named


def candidates(library: Library, quote: str, by: str | None = None) -> list[Article]:
    """The articles in which the words of `quote` are worth looking for, at most MOST_ARTICLES of them, of few words all.

    Few words are looked up as a phrase, those articles first that name `by` beside it, then the newest. Of more, the words
    round the rarest are searched as a phrase and the rarest ones anywhere; a long quotation's beginning, middle and end each
    for itself, taking turns, so that one joined from two articles finds both.
    """
    said = tokens_of(quote)[:MOST_WORDS]
    if len(said) <= FEW_WORDS:
        return _with_few_words(library, quote, by) if said else []
    searches = [found for stretch in _stretches(said) for found in _searched(library, quote, stretch)]
    turns = (key for turn in zip_longest(*searches) for key in turn if key)
    wanted = list(dict.fromkeys(turns))[:MOST_ARTICLES]
    found = library.articles(wanted)
    return [found[key] for key in wanted if key in found]


def _with_few_words(library: Library, quote: str, by: str | None) -> list[Article]:
    said = [token.word for token in tokens_of(quote)]
    keys = [key for key, _ in library.search_words([" ".join(said)], limit=_MOST_HITS)]
    passages = library.passages(keys)
    hits = (passages[key] for key in keys if key in passages and passages[key].zone is not Zone.BOILERPLATE)
    found = library.articles(list(dict.fromkeys(hit.span.article_id for hit in hits))[:_MOST_WITH_PHRASE])
    phrase = r"[^\w.!?]+".join(re.escape(word).replace("'", "['’]") for word in said)
    as_written = re.compile(rf"(?<!\w){phrase}(?!\w)", re.IGNORECASE)
    surname = (words(by) or [by])[-1] if by else ""

    def order(article: Article) -> tuple[object, ...]:
        text, places = article.text, list(as_written.finditer(article.text))
        beside = any(surname in text[max(0, one.start() - _BESIDE) : one.end() + _BESIDE] for one in places)
        withdrawn = article.status not in (Status.CURRENT, Status.CORRECTED)
        return not places, not beside, surname not in text, withdrawn, -(article.published or date.min).toordinal()

    return sorted(found.values(), key=order)


def _stretches(said: Sequence[Token]) -> list[Sequence[Token]]:
    if len(said) < _STRETCH:
        return [said]
    third = len(said) // 3
    return [part[:200] for part in (said[:third], said[third : 2 * third], said[2 * third :])]


def _searched(library: Library, quote: str, stretch: Sequence[Token]) -> tuple[list[str], list[str]]:
    """Articles with the words round the stretch's rarest one as they stand, and with its rarest words anywhere."""
    content = [token for token in stretch if token.key not in STOP_WORDS] or list(stretch)
    rarest = sorted({token.word: token for token in content}.values(), key=lambda t: -library.weight(t.word))[:_RARE]
    at = stretch.index(rarest[0])
    window = stretch[max(0, min(at - _PHRASE // 2, len(stretch) - _PHRASE)) :][:_PHRASE]
    phrase = quote[window[0].start : window[-1].end]
    return _ids(library, [phrase], MOST_ARTICLES), _ids(library, [token.word for token in rarest], 2 * MOST_ARTICLES)


def _ids(library: Library, searched: Sequence[str], limit: int) -> list[str]:
    """Ids of the articles whose passages hold the words, best passage first."""
    keys = [key for key, _ in library.search_words(searched, limit=limit)]
    passages = library.passages(keys)
    return list(dict.fromkeys(passages[key].span.article_id for key in keys if key in passages))
