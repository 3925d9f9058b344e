"""An English sentence to its finite verb, its subject, and the places where it says a second thing.

No parser and no tagger: closed word classes, the irregular past forms, and what may stand behind a verb (Quirk et al., A
Comprehensive Grammar of the English Language, ch. 3 and 13). Whatever these do not settle is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.terms import STOP_WORDS

_WORD = re.compile(r"\w+(?:['’.,-](?=\w)\w+)*")
_HIDDEN = "\u00b7"  # no word and no punctuation: stands for every character inside quotation marks and brackets
_OPEN = {"“": "”", "„": "“", "«": "»", '"': '"', "(": ")", "[": "]"}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


BE = _set("is are was were am be been being isn't aren't wasn't weren't")
MODALS = _set(
    "will would can could may might must shall should won't wouldn't can't cannot couldn't mustn't shouldn't mightn't"
)
AUXILIARIES = (
    (BE - {"be", "been", "being"})
    | MODALS
    | _set("has have had does do did hasn't haven't hadn't doesn't don't didn't")
)
SAYING = _set(
    """said says say told tells reported reports announced announces claimed claims added adds insisted insists argued
    argues believed believes confirmed confirms denied denies warned warns wrote writes thought thinks estimated estimates
    showed shows suggested suggests stated states noted notes revealed reveals alleged alleges admitted admits acknowledged
    acknowledges maintained maintains predicted predicts promised promises hoped hopes explained explains knew knows
    found finds concluded concludes declared declares stressed stresses agreed agrees understood understands heard learned
    expects expected feared fears indicated indicates projects projected
    forecasts forecast ruled rules recommended recommends proposed proposes"""
)
_DISTINCT_PAST = _set(  # never a participle
    """gave took went came saw knew began wrote spoke grew fell drew broke rose drove chose ate flew threw swore tore wore
    shook stole froze hid forgot forgave rode rang sang sank swam drank sprang withdrew undertook overtook mistook became
    ran overcame lay forbade bore did beat blew awoke arose said told died fled stood sat slept knelt leapt met
    lived resigned agreed arrived happened remained returned declined refused appeared occurred collapsed emerged
    apologised apologized failed continued belonged departed retired announced argued denied insisted claimed added warned
    thought kept felt won lost led sent left spent""",
)
_SHARED_PAST = _set(  # past form and participle alike
    """made found held paid built bought brought put set cut hit shut read heard hurt let sold taught caught fought sought
    struck shot swept swung lit laid lent dealt dug fed bred hung clung meant cost burst cast split spread stuck won lost
    led sent left spent kept had bound beat quit"""
)
_PARTICIPLE_TOO = _set("kept felt won lost led sent left spent announced denied claimed added told said met agreed")
_NAMING = _set("named called known titled entitled dubbed nicknamed")
PRESENT = _set(
    """says tells thinks wants plans has lives works holds owns runs employs leads serves remains stands lies shows means
    costs makes takes gives needs contains includes expects denies claims argues believes accepts covers requires knows
    comes goes sells buys pays gets uses plays belongs seems appears becomes begins ends opens starts produces finds keeps
    brings leaves meets rejects supports opposes wins loses rises falls receives declines insists does wants looks
    operates carries earns faces offers limits reaches lasts describes agrees refuses say want believe remain agree accept
    insist know think deny"""
)
_PLURALS_TOO = _set(
    """plans works leads means costs needs claims covers uses plays starts ends finds brings limits offers wins falls faces
    shows holds stands lies looks leaves supports reaches earns"""
)
_NOT_PAST = _set(
    """hundred indeed need speed feed seed weed breed exceed proceed succeed greed creed deed united sacred naked wicked
    kindred embed unprecedented so-called supposed alleged unmanned unnamed unvaccinated united armed retired wounded
    advanced limited mixed red bed allied associated related combined detailed experienced talented crowded"""
)
DETERMINERS = _set(
    """the a an this that these those his her its their our my your some any no every each all both many most several few
    another two three four five six seven eight nine ten eleven twelve dozens hundreds thousands millions one nobody
    more fewer less about around nearly almost over only half"""
)
PRONOUNS = _set(
    """he she it they we i you this that these those there nobody everyone someone everybody neither both who others one"""
)
_SUBJECT_PRONOUNS = PRONOUNS - {"who"}
PREPOSITIONS = _set(
    """of in on at to for from by with without within about over under after before since during until between against
    through across into onto towards toward near off as than like despite among behind beyond outside inside around along
    amid up down out per via according because"""
)
SUBORDINATORS = _set(
    """who whom whose which that where when while if whether because although though unless until after before since as
    once whereas so"""
)
_BEFORE_NO_VERB = (DETERMINERS - PRONOUNS) | PREPOSITIONS | MODALS | {"to"}
ADVERBS = _set(
    """also later then subsequently now still already never always often soon again not finally initially reportedly
    allegedly even just only himself herself itself themselves first eventually quickly immediately once"""
)
_BREAK = re.compile(r";\s+(?:(?:and|but)\s+)?|,?\s+(?:and|but|yet|while|whereas)\s+", re.IGNORECASE)
OPENING = _set("if when while although though because after before since as unless until once whereas according given")
_LONGEST = 1000  # characters; a longer sentence is a list or a page without full stops
_PAIRED = re.compile(r"\b(?:both|either|neither|not only|between|whether)\b", re.IGNORECASE)
_CONDITION = re.compile(r"\b(?:if|unless|until|because|provided|or)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence, `sentence[start:end]`; `low` is how it compares."""

    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that can be checked by itself: `sentence[start:end]`."""

    start: int
    end: int
    subject: str = ""
    """What has to be put before it, where it shares the subject of the part before it."""


def hide_quoted(text: str) -> str:
    """The text, equally long, with everything inside quotation marks and brackets hidden. An open mark hides nothing."""
    hidden: list[tuple[int, int]] = []
    start, close = 0, ""
    for at, char in enumerate(text):
        if close:
            if char == close:
                hidden.append((start, at))
                close = ""
        elif char in _OPEN:
            start, close = at + 1, _OPEN[char]
    pieces: list[str] = []
    done = 0
    for begin, end in hidden:
        pieces += [text[done:begin], _HIDDEN * (end - begin)]
        done = end
    return "".join([*pieces, text[done:]])


@lru_cache(maxsize=1024)
def tokenize(text: str) -> tuple[Token, ...]:
    """The words outside quotation marks and brackets."""
    return tuple(
        Token(match.group(), match.group().replace("’", "'").lower(), match.start(), match.end())
        for match in _WORD.finditer(hide_quoted(text))
    )


def finite_verb(tokens: Sequence[Token], text: str, sure: bool = False) -> int | None:
    """The index of the first finite verb that has a subject before it. `sure`: nothing that may be a participle.

    A verb inside a relative or subordinate clause does not count: the search ends at the word that opens one.
    """
    for at, token in enumerate(tokens):
        if at and token.low in SUBORDINATORS and not (token.low in {"that", "as", "so"} and at < 1):
            return None
        if at and _has_noun(tokens[:at]) and is_finite(tokens, at, text, sure):
            return at
    return None


def is_finite(tokens: Sequence[Token], at: int, text: str, sure: bool = False) -> bool:
    """Whether the word is a verb that carries the tense of its clause."""
    word = tokens[at].low
    if word in AUXILIARIES:
        return True
    if tokens[at].capital or (at and tokens[at - 1].low in _BEFORE_NO_VERB):
        return False
    follows = tokens[at + 1] if at + 1 < len(tokens) else None
    if word in _DISTINCT_PAST and not (sure and word in _PARTICIPLE_TOO):
        return True
    if (follows and follows.low == "by") or (sure and word in _NAMING):
        return False
    if word in PRESENT:
        return not (sure and word in _PLURALS_TOO) or _takes_object(follows)
    if word in _SHARED_PAST or word in _PARTICIPLE_TOO or (word.endswith("ed") and len(word) > 4):
        return word not in _NOT_PAST and (_takes_object(follows) if sure else _may_follow(follows))
    return False


def _takes_object(follows: Token | None) -> bool:
    """Whether the next word begins an object, which a participle behind its noun cannot have."""
    return follows is not None and (
        follows.low in DETERMINERS | {"him", "them", "himself", "herself", "itself"}
        or follows.capital
        or follows.text[0].isdigit()
    )


def _may_follow(follows: Token | None) -> bool:
    """Whether the next word can stand behind a finite verb: after "elected" in "the elected president" it cannot."""
    return (
        follows is None
        or _takes_object(follows)
        or follows.low in PREPOSITIONS | ADVERBS | SUBORDINATORS | {"and", "but", "or", "back", "away", "against"}
        or follows.low.endswith("ly")
    )


def _has_noun(tokens: Sequence[Token]) -> bool:
    """Whether a subject stands there: a pronoun, or a word that is neither a determiner nor a preposition."""
    return any(
        token.low in PRONOUNS or token.low not in DETERMINERS | PREPOSITIONS | ADVERBS | {"to"} for token in tokens
    )


def split_clauses(sentence: str) -> list[Clause]:
    """The parts that can be checked by themselves, in order; one that is the whole sentence when in doubt.

    Conjunctions and the punctuation at a cut belong to no part.
    """
    hidden = hide_quoted(sentence)
    whole = Clause(0, len(sentence))
    tokens = tokenize(sentence)
    if (
        len(sentence) > _LONGEST
        or len(tokens) < 6
        or tokens[0].low in OPENING
        or _CONDITION.search(hidden)
        or attributed_behind(tokens, hidden)
    ):
        return [whole]
    parts = [whole]
    for match in _BREAK.finditer(hidden):
        if match.start() > 0 and (cut := _cut(sentence, hidden, parts[-1], match)):
            parts[-1:] = cut
    return parts


def _cut(sentence: str, hidden: str, part: Clause, match: re.Match[str]) -> list[Clause] | None:
    left = sentence[part.start : match.start()]
    right = sentence[match.end() : part.end]
    left_tokens, right_tokens = tokenize(left), tokenize(right)
    if len(left_tokens) < 3 or len(right_tokens) < 3 or _PAIRED.search(hidden[part.start : match.start()]):
        return None
    verb = finite_verb(left_tokens, left)
    if verb is None and not part.subject:
        return None
    mark = match.group().strip().lower()
    said_left = any(token.low in SAYING for token in left_tokens)
    own = _own_verb(right_tokens, right, anything=mark.startswith(";"))
    if own is not None:
        loose = mark.startswith(";") or right_tokens[own].low in SAYING
        listed = sentence[match.start()] not in ",;" and not _last_member_has_verb(left)
        if listed or (said_left and not loose) or (mark in {"while", "whereas"} and sentence[match.start()] != ","):
            return None
        return _cut_at(sentence, part, match, "")
    if mark.lstrip(", ") not in {"and", "but"} or said_left or verb is None:
        return None
    subject = _simple_subject(left_tokens, verb, left)
    if subject and _shares(left_tokens, verb, right_tokens, right):
        return _cut_at(sentence, part, match, subject)
    return None


def _cut_at(sentence: str, part: Clause, match: re.Match[str], subject: str) -> list[Clause] | None:
    """Both parts, unless one of them would say too little to be looked up."""
    end = part.start + len(sentence[part.start : match.start()].rstrip(" ,;–—\n\t"))
    parts = [Clause(part.start, end, part.subject), Clause(match.end(), part.end, subject)]
    telling = all(_content_words(f"{one.subject} {sentence[one.start : one.end]}") >= 2 for one in parts)
    return parts if telling else None


def _content_words(text: str) -> int:
    return len([token for token in tokenize(text) if token.low not in STOP_WORDS])


def _last_member_has_verb(left: str) -> bool:
    """Whether the words since the last comma or "and" are a clause; if not, the cut may lie in "A, B and C came"."""
    member = re.split(r",|\band\b", hide_quoted(left))[-1]
    tokens = tokenize(member)
    return any(is_finite(tokens, at, member) for at in range(1, len(tokens)))


def _own_verb(tokens: Sequence[Token], text: str, anything: bool) -> int | None:
    """The index of the right part's verb, where the part begins with a subject of its own; `anything` may be one."""
    first = tokens[0]
    if first.low in SUBORDINATORS or first.low in PREPOSITIONS or first.low in ADVERBS:
        return None
    named = anything or first.capital or first.low in DETERMINERS | _SUBJECT_PRONOUNS or first.text[0].isdigit()
    for at, token in enumerate(tokens[:9]):
        if at and (token.low in SUBORDINATORS | {"and", "or", "but", "to"} or "," in text[: token.start]):
            return None
        if at and named and _has_noun(tokens[:at]) and is_finite(tokens, at, text, sure=True):
            return at
    return None


def _simple_subject(tokens: Sequence[Token], verb: int, text: str) -> str:
    """The words before the verb, where they are one noun phrase and nothing but a subject; else nothing."""
    end = verb
    while end and tokens[end - 1].low in ADVERBS:
        end -= 1
    before = tokens[:end]
    if not before or len(before) > 8 or "," in text[: before[-1].end] or _HIDDEN in hide_quoted(text)[: before[-1].end]:
        return ""
    if len(before) > 1 and any(token.low in _SUBJECT_PRONOUNS - DETERMINERS for token in before):
        return ""
    if any(token.low in SUBORDINATORS for token in before[1:]) or before[0].low in PREPOSITIONS | {"there", "it"}:
        return ""
    return text[before[0].start : before[-1].end]


def _shares(left: Sequence[Token], verb: int, right: Sequence[Token], text: str) -> bool:
    """Whether the right part goes on with the left one's subject: it begins with a finite verb, and nothing hides which."""
    if any(token.low in SUBORDINATORS for token in left[verb + 1 :]):
        return False
    at = 0
    while at < len(right) - 1 and right[at].low in ADVERBS | {"later"}:
        at += 1
    word = right[at].low
    if word in AUXILIARIES:
        return word not in MODALS or left[verb].low in MODALS
    if left[verb].low in AUXILIARIES and (word in _PARTICIPLE_TOO or word not in _DISTINCT_PAST):
        return False
    return is_finite(right, at, text, sure=True) and right[at].low not in {"do", "have"}


def attributed_behind(tokens: Sequence[Token], hidden: str) -> bool:
    """Whether somebody is named at the end as the source of all of it: "..., police said"."""
    tail = hidden[hidden.rfind(",") + 1 :] if "," in hidden else ""
    last = [token for token in tokens if token.start >= len(hidden) - len(tail)]
    return 0 < len(last) <= 8 and (
        any(token.low in SAYING for token in last)
        or {"according", "reportedly"} & {token.low for token in last} != set()
    )
