"""A sentence to who says so, and a statement beside its source to the attribution and the hedges that it dropped.

"According to Downing Street", "reportedly", "she said" keep a report from being a fact; so do "may", "is considering" and
"is expected to". The words themselves are read by saying.py and hedges.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.checks.hedges import Hedge, HedgeKind, hedges
from assistant.checks.saying import Attribution, attributions, reported_verb
from assistant.checks.speakers import speech_at
from assistant.chunking import zone_at
from assistant.sentences import split_sentences
from assistant.terms import STOP_WORDS, stem
from assistant.types import Article, Difference, Kind, Span, Zone
from assistant.values import language_beside

__all__ = ["Attribution", "Hedge", "HedgeKind", "attribution_of", "attributions", "hedges", "lost", "second_hand"]

_LONGEST = 5_000  # characters that are read; no sentence is longer
_NO_FACT = frozenset(HedgeKind) - {HedgeKind.REPORT}
_MOST = 20  # hedges that are compared; more of them are damage


def attribution_of(article: Article, span: Span) -> str | None:
    """Who says the words at `span`, in the article's terms; None where the article asserts them itself.

    It may stand in the sentence, or, for a quotation, in the one before or after it. Of several the one nearest to the
    span counts; "reportedly" and the like count where nobody is named.
    """
    if not 0 <= span.start < span.end <= len(article.text):
        return None
    if zone_at(article, span.start, span.end) is Zone.COMMENT:
        return "a reader commented"
    start, end = _sentence_around(article, span)
    found = attributions(article.text[start:end], article.language, article, start)
    inside = [cue for cue in found if _touches(cue.covers, span.start - start, span.end - start)]
    if inside:
        return _nearest(inside, span.start - start, span.end - start).words
    carried = speech_at(article, span)
    if carried and carried.quoted:
        return f"{carried.speaker} {reported_verb(article.quote(carried.cue))}"
    return _reported(article, span, start, end)


def lost(statement: str, source: str, language: str | None = None) -> tuple[Difference, ...]:
    """The attribution and the hedges of a source sentence that a statement dropped, so that a report becomes a fact.

    Nothing is lost where the statement keeps another attribution or a hedge that is as far from a fact, nor where it
    takes up a part of the source that is neither hedged nor attributed. A plan that the statement tells as done comes
    first and has the statement's verb in `in_claim`. `language` is the source's.
    """
    statement, source = statement[:_LONGEST], source[:_LONGEST]
    done = _told_as_done(statement, source, language)
    rest = [*_lost_hedges(statement, source, language), *_lost_attribution(statement, source, language)]
    taken = {difference.source_start for difference in done}
    return (*done, *(difference for difference in rest if difference.source_start not in taken))


def foreseen(statement: str, source: str, language: str | None = None, *, plans: bool = True) -> Difference | None:
    """The words by which a source only expects or thinks possible what a statement tells as a fact, if it has some.

    With `plans` also those by which it only plans it.
    """
    counted = _NO_FACT if plans else _NO_FACT - {HedgeKind.PLAN}
    dropped = _dropped(statement[:_LONGEST], source[:_LONGEST], language)
    return next((one for kind, one in dropped if kind in counted), None)


# --- The sentence around a span ---------------------------------------------------------------------------------------

_REACH = 4000
_BREAK = re.compile(r"\n(?![ \t]*[a-zà-öø-ÿ])\s*")


def _sentence_around(article: Article, span: Span) -> tuple[int, int]:
    """From the start of the sentence where the span starts to the end of the one where it ends."""
    text = article.text
    low, high = max(0, span.start - _REACH), min(len(text), span.end + _REACH)
    low = max((match.end() for match in _BREAK.finditer(text, low, span.start + 1)), default=low)
    low = min(low, span.start)
    after = _BREAK.search(text, span.end, high)
    sentences = split_sentences(text[low : after.start() if after else high], article.language)
    touched = [(low + a, low + b) for a, b in sentences if low + a < span.end and span.start < low + b]
    return (touched[0][0], touched[-1][1]) if touched else (span.start, span.end)


def _touches(covers: tuple[int, int], start: int, end: int) -> bool:
    """Whether most of the covered range or of the span is common to both."""
    common = min(covers[1], end) - max(covers[0], start)
    return common > 0 and 2 * common >= min(covers[1] - covers[0], end - start)


def _nearest(cues: Iterable[Attribution], start: int, end: int) -> Attribution:
    """The cue that covers most of the range; of equals the nearest."""

    def rank(cue: Attribution) -> tuple[int, int]:
        common = min(cue.covers[1], end) - max(cue.covers[0], start)
        return -common, max(0, cue.start - end, start - cue.end)

    return min(cues, key=rank)


def _reported(article: Article, span: Span, start: int, end: int) -> str | None:
    """ "Reportedly" or "is said to", where the sentence has it in the part that the span takes up."""
    for hedge in hedges(article.text[start:end], article.language)[:_MOST]:
        low, high = _scope(article.text[start:end], hedge.start, hedge.end, hedge.kind)
        names_it = hedge.kind is HedgeKind.REPORT and (" " in hedge.words or hedge.words.lower().endswith(_ADVERBS))
        if names_it and _touches((low, high), span.start - start, span.end - start):
            return hedge.words.lower()
    return None


_ADVERBS = (
    "ly",
    "soll",
    "sollen",
    "angeblich",
    "supuestamente",
    "presuntamente",
    "habría",
    "habrían",
    "aurait",
    "auraient",
)


# --- What a statement dropped -----------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_WILL = re.compile(r"\b(?:will|would|shall|going to|wird|werden|va a|van a)\b|['’]ll\b", re.IGNORECASE)
_AHEAD = (HedgeKind.PLAN, HedgeKind.EXPECTATION)
_SCOPE_END = re.compile(
    r"[;:]|\s[–—-]\s|,\s(?:and|but|while|whereas|although|though|which|who|whose|where|because|said|according)\b"
    r"|,\s(?=\w+ (?:said|says)\b)|\s(?:but|while|although|because|though|after|before)\s"
)


def _lost_hedges(statement: str, source: str, language: str | None) -> list[Difference]:
    return [one for _, one in _dropped(statement, source, language)]


def _dropped(statement: str, source: str, language: str | None) -> list[tuple[HedgeKind, Difference]]:
    kept = hedges(statement) + (hedges(statement, language) if language not in (None, "en") else ())
    found = []
    named = [(cue.start, cue.end) for cue in attributions(source, language)]
    for hedge in hedges(source, language)[:_MOST]:
        if any(start < hedge.end and hedge.start < end for start, end in named):
            continue
        if _keeps(statement, kept, hedge) or not _takes_up(
            statement, source, _scope(source, hedge.start, hedge.end, hedge.kind), language
        ):
            continue
        lost = _difference(Kind.HEDGE, statement, source, hedge.start, hedge.end, _plain_note(hedge))
        found.append((hedge.kind, lost))
    return found


def _plain_note(hedge: Hedge) -> str:
    return f'The source says "{hedge.words}"; the claim states it as a fact.'


def _keeps(statement: str, kept: Iterable[Hedge], wanted: Hedge) -> bool:
    """Whether the statement keeps as far from a fact: a hedge of the kind or as far, for a report an attribution."""
    for hedge in kept:
        if hedge.kind is wanted.kind and hedge.strength >= wanted.strength:
            return True
        both_report = (hedge.kind is HedgeKind.REPORT) == (wanted.kind is HedgeKind.REPORT)
        if both_report and hedge.strength >= wanted.strength:
            return True
    if wanted.kind is HedgeKind.REPORT:
        return bool(attributions(statement))
    return wanted.kind in _AHEAD and wanted.strength == 1 and bool(_WILL.search(statement))


def _lost_attribution(statement: str, source: str, language: str | None) -> list[Difference]:
    if attributions(statement) or any(_is_far(hedge) for hedge in hedges(statement)):
        return []
    own = language_beside(statement, language)
    if own and (attributions(statement, own) or any(_is_far(hedge) for hedge in hedges(statement, own))):
        return []
    found = [cue for cue in attributions(source, language) if not _holds(statement, cue)]
    return [
        _difference(
            Kind.ATTRIBUTION,
            statement,
            source,
            cue.start,
            cue.end,
            f'The source says "{cue.words}"; the claim states it as a fact.',
        )
        for cue in found[:3]
        if _takes_up(statement, source, cue.covers, language)
    ]


def _is_far(hedge: Hedge) -> bool:
    """Whether the words say that it is only said, or that nobody has confirmed it."""
    return hedge.kind is HedgeKind.REPORT or (
        hedge.kind is HedgeKind.DOUBT and _UNCONFIRMED.search(hedge.words) is not None
    )


_UNCONFIRMED = re.compile(r"confirm|verif|unproven|bestätigt|confirmar", re.IGNORECASE)


def _holds(statement: str, cue: Attribution) -> bool:
    """Whether the statement gives it as what the same speaker thinks or wants: "State investigators consider it ..."."""
    said = [stem(word.group()) for word in _content(cue.words)]
    for verb in _OPINION.finditer(statement):
        subject = [stem(word.group()) for word in _content(statement[: verb.start()])][-_SUBJECT:]
        if set(subject) & set(said[:-1]):
            return True
    return False


_SUBJECT = 3  # words before a verb that may name who thinks so
_OPINION = re.compile(
    r"\b(?:considers?|considered|regards?|regarded|believes?|believed|thinks?|thought|sees|views?|viewed|deems?|deemed|suspects?"
    r"|suspected|blames?|blamed|assumes?|assumed|doubts?|doubted|wants?|wanted|demands?|demanded|calls for|called for)\b"
)


def _difference(kind: Kind, statement: str, source: str, start: int, end: int, note: str) -> Difference:
    at = _place_of(statement, source, end)
    return Difference(kind, "", source[start:end], at, at, start, end, note=note)


def _place_of(statement: str, source: str, end: int) -> int:
    """Where in the statement the dropped words would stand: before the word that follows them in the source."""
    following = [stem(word.group()) for word in list(_content(source[end : end + 200]))[:3]]
    for word in _content(statement):
        if stem(word.group()) in following:
            return word.start()
    return 0


def _content(text: str) -> list[re.Match[str]]:
    return [word for word in _WORD.finditer(text) if word.group().casefold() not in STOP_WORDS]


def _scope(text: str, start: int, end: int, kind: HedgeKind) -> tuple[int, int]:
    """What a hedge hedges: an adverb its clause, a verb what follows it."""
    relative = _IN_RELATIVE.search(text[max(0, start - 120) : start])
    stop = re.compile(",").search(text, end) if relative else _SCOPE_END.search(text, end)
    comma = text.find(",", end + 25)
    high = min(stop.start() if stop else len(text), comma if comma >= 0 else len(text))
    if kind not in (HedgeKind.REPORT, HedgeKind.DOUBT):
        return start, high
    low = max((match.end() for match in _SCOPE_END.finditer(text, 0, start)), default=0)
    return low, high


_IN_RELATIVE = re.compile(r", (?:which|who|whose|where)\b[^,]*$")


def _takes_up(statement: str, source: str, covered: tuple[int, int], language: str | None) -> bool:
    """Whether the statement says what stands in the covered range of the source, and not only what stands beside it."""
    if language not in (None, "en"):
        return True
    wanted = {stem(word.group()) for word in _content(statement)}
    there = {stem(word.group()) for word in _content(source[covered[0] : covered[1]])}
    inside = there & wanted
    outside = {
        stem(word.group()) for word in _content(source[: covered[0]] + " " + source[covered[1] :])
    } & wanted - inside
    return len(inside) > 0 and (len(inside) >= len(outside) / 2 or 4 * len(inside) >= 3 * len(there))


# --- A plan that is told as done --------------------------------------------------------------------------------------

_BASE = dict(
    pair.split("/")
    for pair in """made/make took/take gave/give sent/send said/say won/win lost/lose met/meet left/leave began/begin went/go
    came/come held/hold built/build paid/pay bought/buy sold/sell fell/fall rose/rise ran/run broke/break struck/strike
    sank/sink became/become got/get kept/keep led/lead brought/bring chose/choose drew/draw drove/drive flew/fly found/find
    fought/fight grew/grow heard/hear knew/know laid/lay lent/lend saw/see shot/shoot showed/show spent/spend spoke/speak
    stood/stand stole/steal taught/teach told/tell thought/think threw/throw withdrew/withdraw wrote/write cut/cut put/put
    set/set shut/shut quit/quit hit/hit""".split()
)
_NOT_DONE = frozenset(
    "to will would may might could should shall must can not never is are be being am isn't aren't".split()
)


def _told_as_done(statement: str, source: str, language: str | None) -> list[Difference]:
    """A plan or an expectation of the source beside a finished deed in the statement, which has no hedge at all.

    "Will" counts only where the statement has the same verb: of the rest, it says little that somebody will do something.
    """
    if _WILL.search(statement) or any(hedge.kind is not HedgeKind.REPORT for hedge in hedges(statement)):
        return []
    ahead = [(h.start, h.end, h.kind) for h in hedges(source, language) if h.kind in _AHEAD]
    plain = [(m.start(), m.end(), HedgeKind.EXPECTATION) for m in _WILL.finditer(source) if m.group().lower() == "will"]
    for start, end, kind in sorted(ahead + plain)[:_MOST]:
        scope = _scope(source, start, end, kind)
        verb = _past_verb(statement, source[end : scope[1]], only_same=(start, end, kind) in plain)
        if verb and _takes_up(statement, source, scope, language):
            low, high = verb
            said, told = source[start:end], statement[low:high]
            note = f'The source says "{said}", which is not done; the claim tells it as done ("{told}").'
            return [Difference(Kind.HEDGE, told, said, low, high, start, end, note=note)]
    return []


def _past_verb(statement: str, planned: str, only_same: bool) -> tuple[int, int] | None:
    """The past verb of the statement that tells what is `planned`; with `only_same` the very verb that was planned."""
    wanted = {stem(word.group()) for word in _WORD.finditer(planned)}
    places = list(_past_verbs(statement))
    same = [
        (start, end) for start, end in places if stem(_BASE.get(statement[start:end], statement[start:end])) in wanted
    ]
    return next(iter(same or ([] if only_same else places)), None)


def _past_verbs(statement: str) -> Iterator[tuple[int, int]]:
    """ "Agreed", "sent"; no participle after "is" or "be", and nothing after "to" or a modal."""
    before: list[str] = []
    for match in _WORD.finditer(statement):
        word = match.group()
        past = word in _BASE or (word.endswith("ed") and len(word) > 4)
        if past and word.islower() and not _NOT_DONE.intersection(before[-2:]):
            yield match.span()
        before.append(word.lower())


# --- The source behind the source -------------------------------------------------------------------------------------

_OUTLET = (  # a newsroom by its name, or a word for one
    r"(?:(?:CNN|BBC|NBC|CBS|ABC|NPR|PBS|MSNBC|CNBC|AFP|AP|dpa|EFE|ANSA|TASS|RIA|Xinhua|Reuters|Bloomberg|Politico|Axios|Vox"
    r"|Sky News|Fox News|USA TODAY|Al Jazeera|Le Monde|El País|Der Spiegel|Bild|Interfax|Kyodo|Yonhap|IRNA|ESPN|Variety"
    r"|People|Newsweek|Forbes|Fortune|Rolling Stone|ProPublica|Insider|Business Insider|HuffPost|BuzzFeed|Vogue)\b(?: \w+)?"
    r"|(?:[Tt]he |an? )?(?:[A-Z][\w.&’'-]* ){0,4}(?:Times|Post|Journal|Guardian|Courier|Ledger|Observer|Herald|Tribune|News"
    r"|Daily|Press|Gazette|Telegraph|Mail|Chronicle|Globe|Standard|Star|Sun|Mirror|Independent|Economist|Atlantic|Examiner"
    r"|Dispatch|Register|Republic|Inquirer|Wire|Bee|Hill|Beast|Magazine|Zeitung|TV|Radio|Television|Network|Sunday|Express)\b"
    r"(?: [A-Z][a-z]+){0,2}"
    r"|(?:[\w.]+ ){0,3}(?:media|newspapers?|reporters?|journalists?|outlets?|broadcasters?|news agenc(?:y|ies)|tabloids?))"
)
_SECOND_HAND = re.compile(
    r"according to (?P<paper>[^,.;:\n“”\"]{2,120}\b(?:seen|obtained|reviewed|viewed|published|released|cited|quoted|reported)"
    r" by [^,.;:\n“”\"]{2,80})"
    r"|(?:[^\s,.;:]+ ){0,8}(?:seen|obtained|reviewed|viewed) by (?:the |an? )?[A-Z][^,.;:\n“”\"]{1,60}"
    r"|(?:described|shown|leaked|passed|confirmed|provided) to (?:the |an? )?[A-Z][^,.;:\n“”\"]{1,80}"
    r"|\b(?:citing|quoting) [^,.;:\n“”\"]{2,100}"
    rf"|\b{_OUTLET} (?:first |previously |also |has |have |had )?(?:reported|reports?)(?= that\b| on\b|[,.]| [A-Z]|$)"
    rf"|\b(?:as )?(?:first |previously )?reported by {_OUTLET}"
    rf"|\baccording to (?:a |an |the )?(?:[\w-]+ ){{0,3}}(?:reports?|stor(?:y|ies)|article|analysis)"
    rf" (?:in|by|from|on) {_OUTLET}"
    rf"|\b(?:in|during) an? (?:\w+ )?(?:interview|statement|email|phone call|conversation) (?:with|to|on|for) {_OUTLET}"
    rf"|(?:[^\s,.;:“”\"]+ ){{1,5}}(?:told|tells|telling) {_OUTLET}"
    r"|\b(?:laut|nach Angaben (?:von|der|des)|según|selon) [^,.;:\n“”\"]{2,80}"
)


def second_hand(text: str) -> str | None:
    """The words that name the source behind the source: "citing two officials", "local media reported"; None without."""
    match = _SECOND_HAND.search(text[:_LONGEST])
    return match.group().strip() if match else None
