"""A sentence to the words in it that say who says so, and to how much of it they cover.

Patterns of news prose in English, with the commonest words of German, Spanish and French; names are read by speakers.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from assistant.checks.speakers import speech_at
from assistant.types import Article, Span

_LONGEST = 5_000  # characters that are read; no sentence is longer
_MOST = 12  # attributions that are read; more of them are damage


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words of a sentence that say who says so, and the part of the sentence that he or she says."""

    words: str
    """Ready for a reader: "Kimberly Dozier of CNN said", "according to the log"."""
    start: int
    end: int
    """Where the attributing words stand: "noting", "according to the log"."""
    covers: tuple[int, int]
    """The range that is said so."""


def attributions(
    text: str, language: str | None = None, article: Article | None = None, offset: int = 0
) -> tuple[Attribution, ...]:
    """Every attribution in a sentence, in reading order. With the article the sentence stands in, "she" gets her name."""
    text = text[:_LONGEST]
    return _read(text, article, offset) if article else _read_alone(text, language)


@lru_cache(maxsize=1024)
def _read_alone(text: str, language: str | None) -> tuple[Attribution, ...]:
    return _read(text, Article("", text, language=language), 0)


def _read(text: str, whole: Article, offset: int) -> tuple[Attribution, ...]:
    found = [
        *(_from_source(text, match) for match in islice(_SOURCE.finditer(text), _MOST)),
        *(cue for match in islice(_SAYING.finditer(text), _MOST) if (cue := _from_verb(text, match, whole, offset))),
    ]
    return tuple(_apart(text, sorted(found, key=lambda cue: cue.start)))


def _apart(text: str, cues: list[Attribution]) -> Iterator[Attribution]:
    """The cues, each covering no more than up to the comma before the next ("who warned that ..., told ...")."""
    for i, cue in enumerate(cues):
        following = cues[i + 1] if i + 1 < len(cues) else None
        high = cue.covers[1]
        if following and cue.end <= following.start < high and "," in text[cue.end : following.start]:
            high = following.start
        yield replace(cue, covers=(cue.covers[0], max(high, cue.covers[0])))


# --- "According to ..." -----------------------------------------------------------------------------------------------

_PHRASE = (  # a noun phrase: up to a stop that ends no title or initial
    r"(?:[^,.;:()\[\]“”„«»\"\n–—]|(?<=\w)[.,](?=\w)"
    r"|(?<=\b[A-Z])\.|(?<=\b(?:Dr|Mr|Ms|St|Lt|Jr|Sr))\.|(?<=\b(?:Mrs|Gen|Sen|Rep|Gov|Col|Sgt|Rev|Hon))\."
    r"|(?<=\b(?:Prof|Capt|Supt|Insp))\.){2,160}"
)
_SOURCE = re.compile(
    rf"\b(?:according to|as (?:reported|told|cited|quoted|described|announced|stated|confirmed) (?:by|to)|in the words of"
    rf"|in the (?:view|opinion) of|citing|quoting|(?P<german>nach (?:eigenen )?Angaben (?:von|der|des|aus)|laut)|según|selon"
    rf"|d['’]après|de acuerdo con)\s(?P<who>{_PHRASE})"
    rf"|(?P<zufolge>\b(?:[^\W_]+ ){{1,6}}zufolge\b)",
    re.IGNORECASE,
)
_GERMAN_NOUN = re.compile(  # the verb stands behind the first noun, unless a genitive or a preposition goes on from it
    r"(?:[Ll]aut|[Nn]ach (?:eigenen )?Angaben \w+)(?: [a-zäöüß]\w*)* [^\W\d_a-zäöüß][\w.-]*"
    r"(?: [^\W\d_a-zäöüß][\w.-]*| (?:der|des|von|vom|und|für|im|in|aus|am|zur|zum)(?= [A-ZÄÖÜa-zäöü]\w*))*"
)
_STOPS_PHRASE = re.compile(
    r"\s(?:which|who|that|because|while|when|but|has|have|had|will|would|is|are|was|were|soll|sollen|hat|haben|ist|sind|wird|werden|wurden?)\s"
)
_CLAUSE_END = re.compile(
    r"[;:]\s|\s[–—-]\s|,\s(?:and|but|while|whereas|although|und|aber|pero|mais)\s|[.!?][”\"’]?\s+(?=[A-Z“\"])"
)


def _from_source(text: str, match: re.Match[str]) -> Attribution:
    words = match.group()
    cut = _STOPS_PHRASE.search(words, 1) if not words.lower().startswith(("quoting", "citing")) else None
    if match["german"] and (noun := _GERMAN_NOUN.match(words)):
        words = noun.group()
    words = (words[: cut.start()] if cut and "seen by" not in words[cut.start() :] else words).rstrip()
    low, high = _clause(text, match.start())
    return Attribution(words[0].lower() + words[1:], match.start(), match.start() + len(words), (low, high))


def _clause(text: str, at: int) -> tuple[int, int]:
    """The stretch between semicolons, colons, dashes, ", and" and ", but" that holds `at`."""
    low, high = 0, len(text)
    for match in _CLAUSE_END.finditer(text):
        if match.end() <= at:
            low = match.end()
        elif match.start() >= at:
            high = match.start()
            break
    return low, high


# --- "X said" ---------------------------------------------------------------------------------------------------------

_SURE = (  # whatever follows, somebody says it
    "said|says|saying|say|insist(?:s|ed|ing)?|argu(?:es|ed|ing)|explain(?:s|ed|ing)|warn(?:s|ed|ing)|alleg(?:es|ed|ing)"
    "|assert(?:s|ed|ing)|contend(?:s|ed|ing)|testif(?:ies|ied|ying)|tweeted|told|tells|telling|has told"
    "|acknowledg(?:es|ed|ing)|conced(?:es|ed|ing)|caution(?:s|ed|ing)|point(?:s|ed|ing) out|maintain(?:s|ed|ing) that"
    "|sagten?|sagt|erklärten?|erklärt|betonte|teilte|schrieb|dijo|dice|afirmó|aseguró|declaró|señaló|explicó|subrayó|advirtió|contó|sostiene|asegura|niega"
    "|a déclaré|a affirmé|a expliqué|a indiqué|a dit"
)
_ONLY_WITH_CLAUSE = (  # these take plain objects, too: "reported a loss", "found a wallet", "announced plans"
    "report(?:s|ed|ing)?|note(?:s|d)?|noting|add(?:s|ed|ing)?|claim(?:s|ed|ing)?|announc(?:es|ed|ing)|confirm(?:s|ed|ing)?"
    "|wr(?:ites|ote|iting)|stat(?:ed|ing)|f(?:inds|ound|inding)|conclud(?:es|ed|ing)|suggest(?:s|ed|ing)?"
    "|show(?:s|ed|ing)?|believ(?:es|ed|e|ing)|estimat(?:es|ed|e|ing)|predict(?:s|ed|ing)?|den(?:ies|ied|ying)"
    "|admit(?:s|ted|ting)?|reveal(?:s|ed|ing)|disclos(?:es|ed|ing)|declar(?:es|ed|ing)|stress(?:es|ed|ing)"
    "|emphasi[sz](?:es|ed|ing)|recall(?:s|ed|ing)?|replied|responded|remark(?:s|ed)|indicat(?:es|ed|ing)|reiterat(?:es|ed)"
    "|hint(?:s|ed)|promis(?:es|ed|ing)|judg(?:es|ed)|speculat(?:es|ed|ing)|complain(?:s|ed|ing)|predict"
)
_SAYING = re.compile(
    rf"(?<![\w-])(?:(?P<sure>{_SURE})"
    rf"|(?:{_ONLY_WITH_CLAUSE})(?=(?:,? (?:on|in|at|to|last|this)\b[^,.;:\n]{{0,40}})?"
    r"(?: that\b| how\b| whether\b|: [“\"]|,? [“\"]))"
    rf"|(?<=\w )(?:{_ONLY_WITH_CLAUSE})(?=, [a-z])"
    rf"|(?<=\w )(?:{_ONLY_WITH_CLAUSE})(?=(?: (?:on|in|at|last|this)\b[^,.;:\n]{{0,40}}| \w+day)?"
    r"[.,]?(?:$| [“\"]|[”\"]))"
    r"|puts?(?= [^,.;:\n]{2,60} at (?:about |nearly |around |more than )?[\d$£€])"
    r"|(?:call(?:s|ed|ing)?|describ(?:es|ed|ing)|dubbed|label(?:s|l?ed)|brand(?:s|ed))(?= [^,.;:\n]{0,80}[“\"]))(?![\w-])",
    re.IGNORECASE,
)
_CLAUSE_AHEAD = re.compile(r"[^.;\n]{0,82}?(?: that\b| how\b| whether\b|[“\"]| at (?:\w+ ){0,2}[\d$£€])")
_CLAUSE_BEHIND = re.compile(r"[,”\"] ?(?!(?:and|who|which|but)\b)[^,“”\"]{2,60}$")
_PASSIVE = re.compile(
    r"(?:n['’]t|\b(?:is|are|was|were|be|been|being|to|not|the|a|an|of|that|can|may|might|must|should|could|cannot|can['’]t|let['’]s"
    r"|less|more|its|their|his|her))\s(?:\w+ly\s)?$",
    re.IGNORECASE,
)
_TOLD_TO = re.compile(r"\s(?:[^\s;:“”\"]+ ){1,8}(?:not )?to (?!(?:the|a|an|his|her|its|their|our|my|[A-Z\d])\b)\w+")
_RECIPIENT = re.compile(
    r"\s(?P<who>(?:(?:the|an?|his|her|its|their|our|two|several|some) )?(?:[\w.&’'-]+ ){0,4}?[\w.&’'-]*\w"
    r"(?: in (?:an?|the) (?:\w+ ){0,2}(?:note|letter|statement|interview|memo|email|report|filing|call|briefing))?)"
    r"(?=[,.;:]? ?[“\"]|[,.;:]|$| (?:that|how|about|on|at|in|last|this|they|he|she|it|the|there|by|when|during|after"
    r"|before|why|what)\b)"
)
_TRAILING = re.compile(
    r"(?:\s(?:on|in|at|to|by|during|after|late|early|last|this|via|for)\b[^,.;:“”\"\n]{0,80}|\s\w+day\b|\syesterday|\stoday)*"
    r"\s*(?:[,.;!”\"]|$)"
)
_INVERTED = re.compile(r"[”\"»’][,.!?]?\s*$")
_POSSESSIVE = re.compile(r"((?:[A-Z][\w.&-]*\s){0,3}[A-Z][\w.&-]*)['’]s\s+$")


def _from_verb(text: str, match: re.Match[str], article: Article, offset: int) -> Attribution | None:
    before, after = text[: match.start()], text[match.end() :]
    verb = match.group().strip()
    told = verb.lower().endswith(("told", "tells", "telling"))
    if _PASSIVE.search(before[-16:]) or (told and (_instructs(after) or not any(map(str.isalnum, after)))):
        return None
    if not match["sure"] and not _CLAUSE_AHEAD.match(after) and not _CLAUSE_BEHIND.search(before[-100:]):
        return None
    behind = _speaker_behind(before, after)
    who = behind or _speaker_before(before, match, article, offset)
    if not who or who.split(" ", 1)[0].lower() in _NOBODY:
        return None
    whom = _RECIPIENT.match(after) if told else None
    who = _LEADING_CONJUNCTION.sub("", who)
    words = f"{who} {reported_verb(verb)}" + (f" {whom['who']}" if whom else "")
    said = (0, match.start()) if behind else _said(text, match)
    return Attribution(words, match.start(), match.start() + len(verb), said)


def _speaker_behind(before: str, after: str) -> str | None:
    """Who stands behind the verb: "..., said two crew members who spoke on condition that they not be named"."""
    match = _NOUN_PHRASE.match(after)
    quoted = before.rstrip().endswith(("»,", "”,", '",'))
    clause = before.rstrip().endswith(",") and _FINITE.search(_RELATIVE.sub("", before))
    if not match or not (quoted or clause):
        return None
    return None if _FINITE.search(match["head"]) else match["who"].strip()


def _speaker_before(before: str, verb: re.Match[str], article: Article, offset: int) -> str | None:
    if plain := _THE_NOUN.search(before) or _LOWER_NOUN.search(before) or _LOWER_APPOSED.search(before):
        return plain[1][0].lower() + plain[1][1:]
    if verb.group().endswith("told") and before.endswith(('", ', "”, ")) and (named := _NAMED.search(before)):
        return named[1]
    speech = speech_at(article, Span(article.id, offset + verb.start(), offset + verb.end()))
    if speech is None or abs(speech.cue.start - offset - verb.start()) > len(verb.group()):
        named = _NAMED.search(before) or (_LEADING.match(before) if before.endswith(" and ") else None)
        return _pronoun_before(before) or (named[1] if named else None)
    pronoun = _pronoun_before(before)
    misread = speech.speaker.lower().startswith(("no one", "nobody", "neither", "one in "))
    garbled = bool(_GARBLED.search(speech.speaker)) or _in_transcript(article, offset + verb.start())
    if pronoun and (misread or garbled or (pronoun == "they" and _is_one(speech.speaker))):
        return pronoun
    misread = misread or bool(_GARBLED.search(speech.speaker))
    return None if misread else _with_home(speech.speaker, speech.role, before)


def _in_transcript(article: Article, at: int) -> bool:
    """Whether the paragraph opens with its speaker's name, as in "Biden: ...": "he" is then seldom who spoke before."""
    low = article.text.rfind("\n", max(0, at - _LONGEST), at) + 1
    return bool(_TRANSCRIPT.match(article.text, low))


_TRANSCRIPT = re.compile(r"(?:\[?\d{1,2}:[\d:]+\]? )?[A-Z][\w.'’]*(?: [A-Z][\w.'’]*){0,3}: ")
_GARBLED = re.compile(
    r"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b(?:Mrs|Gen|Sen|Rep|Gov))\. [A-Z]|\b(?:Getty|Images|AP|AFP|Reuters)\b \w"
)


def _is_one(speaker: str) -> bool:
    """Whether the words name one person: "Ingrid Solheim", not "two crew members" or "Downing Street officials"."""
    words = speaker.split()
    return all(word[:1].isupper() for word in words) and not words[-1].endswith("s") and len(words) in (2, 3)


_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|did|does|do|made|took|gave|came|went|got|fell"
    r"|rose|left|held|kept|found|met|won|lost|died|began|saw|knew|\w{3,}ed|it|he|she|they|we|there)\b"
)
_RELATIVE = re.compile(r"\b(?:who|which|whose)\b[^,]{0,200},")
_PIECE = r"(?:(?:Dr|Mr|Ms|Mrs|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Prof|St|[A-Z])\.|[^\s,.;:]+)"
_NOUN_PHRASE = re.compile(
    r"\s(?P<who>(?P<head>(?!(?:that|it|he|she|they|there|in|on|at|this|what|if|when)\b)"
    rf"{_PIECE}(?: {_PIECE}){{0,7}}?)"
    r"(?: who [^,.;:\n]{2,90})?)(?=[,.;]|$)"
)
_LEADING_CONJUNCTION = re.compile(r"^(?:But|And|While|Yet|Still|But the|And the) (?=\w)")
_NOBODY = frozenset(
    "because that every including whether such where even which who and or with have has had is was in on at by".split()
)
_THE_NOUN = re.compile(r"(?:^|[\s:;,—–-])([Tt]he [a-z]{3,20}(?: [a-z]{4,20})?) (?:(?:has|have|had|also|later) )*$")
_LOWER_NOUN = re.compile(
    r", (?!(?:who|which|that|he|she|it|they|and|but|then|also|as|one|the|where|when|what|there|whose"
    r"|have|has|had|is|was|are|were|later)\b)"
    r"([a-z][\w’'-]+(?: [a-z][\w’'-]+){0,2}) $"
)
_LOWER_APPOSED = re.compile(  # "international leaders, including in Israel, have said"
    r"(?:^|, )([a-z][\w’'-]+(?: [a-z][\w’'-]+){0,3}), (?:including|among|such|led|who|which)\b[^,]{1,80},"
    r" (?:(?:has|have|had|also|later) )*$"
)
_LEADING = re.compile(  # "The Taliban urged its fighters to help and said ..."
    r"(?:(?:On|In|At|During|After|By|Last) [^,“”\"]{2,60}, )?"
    r"([Tt]he (?:[a-z-]+ ){0,3}?[a-z-]+(?= (?:has |have |had |also )?[a-z]+(?:ed|s)\b)"
    r"|(?:The )?(?!The\b)[A-Z][\w.’'&-]*(?: [A-Z][\w.’'&-]*){0,4}(?= ))"
)
_NAMED = re.compile(  # a name before the verb, or before the apposition that stands between
    r"(?:^|[,;:] |\b(?:and|but|while|that|when) )((?:[Tt]he |[Aa] )?[A-Z][\w.’'&-]*"
    r"(?: (?:of|for|and|the|&) (?=[A-Z])| [A-Z][\w.’'&-]*){0,6})"
    r"(?:, [^;:]{2,160},)?(?: (?:has|have|had|also|later))? $"
)


def _instructs(after: str) -> bool:
    """Whether "told" is followed by what somebody is to do, and no "that" before it."""
    match = _TOLD_TO.match(after)
    return bool(match) and not re.search(
        r"\b(?:that|he|she|it|they|we|is|was|had|has|would)\b", match.group() if match else ""
    )


def _said(text: str, verb: re.Match[str]) -> tuple[int, int]:
    """What is said: the clause before the verb where it stands at the end ("..., she said"), else the clause after it."""
    low, _ = _clause(text, verb.start())
    whom = _RECIPIENT.match(text, verb.end()) if verb.group().lower().endswith(("told", "tells", "telling")) else None
    before, after = text[low : verb.start()], text[whom.end() if whom else verb.end() :]
    inverted = not whom and bool(_INVERTED.search(before)) and not _opens_relative(after)
    if before.count(" ") > 3 and ("," in before or inverted) and (inverted or _TRAILING.match(after)):
        quoted_on = re.search(r"[.,] [“\"]", after)
        return (0 if '"' in before or "”" in before else low), (len(text) if quoted_on else verb.start())
    return verb.end(), len(text)


def _opens_relative(after: str) -> bool:
    return after.startswith((" that ", " the number", ":"))


def _pronoun_before(before: str) -> str | None:
    match = re.search(
        r"\b(it|he|she|they|we|several|many|some|others|both|reports?|sources|officials|critics|experts|researchers)"
        r"(?: (?:also|has|had|have|later))*\s$",
        before,
        re.I,
    )
    return match[1].lower() if match else None


def _with_home(speaker: str, role: str, before: str) -> str:
    """The speaker with where he or she speaks from: "CNN's Kimberly Dozier" is "Kimberly Dozier of CNN"."""
    at = before.rfind(speaker)
    home = _POSSESSIVE.search(before[max(0, at - 60) : at]) if at > 0 else None
    if home:
        return f"{speaker} of {home[1]}"
    first = speaker.split(" ", 1)[0]
    described = speaker if first not in _LOWERED else speaker[0].lower() + speaker[1:]
    short_role = role.strip(" ,")
    if speaker in short_role:
        short_role = ""
    if short_role.split(" ", 1)[0] in _LOWERED:
        short_role = short_role[0].lower() + short_role[1:]
    named = speaker[:1].isupper() and first not in _LOWERED
    return (
        f"{described}, {short_role},"
        if named and 0 < len(short_role) <= 60 and " who " not in short_role
        else described
    )


_LOWERED = frozenset(
    "The A An One Two Three Four Five Several Some Many Most Both His Her Its Their Our Other All Another".split()
)
_PAST = {
    "saying": "said", "noting": "noted", "telling": "told", "adding": "added", "warning": "warned", "arguing": "argued",
    "insisting": "insisted", "claiming": "claimed", "suggesting": "suggested", "writing": "wrote", "denying": "denied",
    "stating": "stated", "finding": "found", "has told": "told", "pointing out": "pointed out", "describing": "described",
    "calling": "called", "believing": "believed", "showing": "showed", "explaining": "explained", "alleging": "alleged",
}  # fmt: skip


def reported_verb(words: str) -> str:
    """The verb as a sentence of its own would have it: "noting" is "noted"."""
    plain = " ".join(words.lower().split())
    if plain in _PAST:
        return _PAST[plain]
    return plain[:-3] + "ed" if plain.endswith("ing") and " " not in plain else plain
