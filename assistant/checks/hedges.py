"""A sentence to the words by which it keeps short of a fact: reportedly, may, is considering, is expected to, unconfirmed.

Tables of news prose in English, German, Spanish and French; no model. After Farkas et al., "The CoNLL-2010 Shared Task:
Learning to Detect Hedges", and Saurí & Pustejovsky, "FactBank" (2009): which words they are depends on what follows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

_LONGEST = 20_000  # characters that are read; no sentence is longer


class HedgeKind(StrEnum):
    """Why the words are no fact."""

    REPORT = "report"  # somebody is said to say so
    POSSIBILITY = "possibility"
    PLAN = "plan"  # somebody wants it, or weighs it
    DOUBT = "doubt"
    EXPECTATION = "expectation"


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words that keep a sentence short of a fact: `text[start:end] == words`."""

    words: str
    start: int
    end: int
    kind: HedgeKind
    strength: int
    """2 far from a fact (may, is considering, unconfirmed), 1 close to it (is expected to, reportedly, probably)."""


def hedges(text: str, language: str | None = None) -> tuple[Hedge, ...]:
    """The hedges of a text in reading order, none inside another. Without a language the text is read as English."""
    found = [
        Hedge(words, match.start(), match.start() + len(words), kind, strength)
        for kind, strength, pattern in _patterns(language or "en")
        for match in pattern.finditer(text[:_LONGEST])
        if (words := match.group().rstrip())
    ]
    kept: list[Hedge] = []
    for hedge in sorted(found, key=lambda h: (h.start, -h.end, h.kind)):
        if not kept or hedge.start >= kept[-1].end:
            kept.append(hedge)
    return tuple(kept)


_BE = r"(?:is|are|was|were|be|been|being|it['’]s|(?<=\w)['’](?:s|re|m))"
_ADVERB = r"(?: (?:also|now|still|currently|both|all|each|again|already|not|\w{2,12}ly))?"
_VERBS_AHEAD = (  # "is due to open", but not "is due to fog"
    "be|become|begin|start|open|close|end|arrive|leave|meet|speak|visit|travel|take|make|hold|host|give|get|go|come|return"
    "|sign|vote|decide|appear|testify|stand|face|receive|play|run|expire|last|finish|publish|release|launch|announce"
    "|present|rise|fall|reach|move|stop|resume|retire|step|sail|land|fly|join|report|deliver|pay|cost|see|hear|continue"
)
_SHOWS_UP = (  # "appeared in court" shows up; "appears to be" is a hedge
    "in|on|at|before|after|with|without|alongside|beside|from|for|by|as a|as an|as the|outside|under|over|during|along"
    "|near|behind|there|here|online|together|twice|once|again|next|first|live|and|or|last|this|every"
)

_ENGLISH: tuple[tuple[HedgeKind, int, str], ...] = (
    (
        HedgeKind.REPORT,
        1,
        rf"\b(?:reportedly|allegedly|supposedly|purportedly|rumou?redly|alleged|purported|suspected"
        rf"|{_BE}{_ADVERB} (?:said|reported|understood|believed|thought|alleged|claimed|rumou?red|suspected|considered)"
        rf" to\b|it (?:is|was|has been){_ADVERB} (?:said|reported|claimed|alleged|understood|believed|thought|rumou?red)"
        rf"|(?:media |news |press |local |early |initial |some |other )?(?:reports?|accounts|sources|posts)"
        rf" (?:suggest(?:s|ed|ing)?|sa(?:y|ys|id|ying)|indicat(?:e|es|ed|ing)|claim(?:s|ed|ing)?|that)"
        rf"|according to|by (?:his|her|its|their|some|all|one) accounts?|citing)\b",
    ),
    (HedgeKind.REPORT, 2, r"\b(?:rumou?r(?:s|ed)?|hearsay|gossip|speculation|speculat(?:es?|ed|ing) that)\b"),
    (
        HedgeKind.POSSIBILITY,
        2,
        r"\b(?:(?-i:may)(?! \d)|(?<![\w.?!] )(?-i:May)(?= (?:have|be|not|also|well|still|only|never)\b)|might"
        r"|could(?!n['’]t| not(?! have)|(?: hardly| barely))|perhaps|maybe|possibly|potentially|conceivably"
        r"|it is possible|a (?:possibility|chance) (?:that|of))\b",
    ),
    (
        HedgeKind.POSSIBILITY,
        1,
        rf"\b(?:probably|presumably|apparently|evidently|seemingly|(?<!un)likely(?: to)?|seem(?:s|ed|ing)?(?: to)?"
        rf"|appear(?:s|ed|ing)?(?= \w)(?! (?:{_SHOWS_UP})\b)(?: to)?|suggest(?:s|ing)(?: that)?|suggested that"
        rf"|points? to|hint(?:s|ed|ing)? (?:at|that))\b",
    ),
    (
        HedgeKind.PLAN,
        2,
        rf"\b(?:{_BE}{_ADVERB} (?:considering|weighing(?: up)?|mulling(?: over)?|contemplating|exploring|eyeing"
        rf"|pondering|looking (?:at|into)|thinking (?:of|about)|in talks|negotiating|discussing|debating|seeking to"
        rf"|trying to|hoping to|aiming to)"
        rf"|(?:who|that|which|and) (?:considers?|weighs?|mulls?)"
        rf"|(?<!\bwas )(?<!\bwere )(?<!\bbe )considered(?= \w+ing\b)"
        rf"|(?:wants?|wanted|wishes|wished|hopes?|hoped|aims?|aimed|seeks?|sought|threaten(?:s|ed|ing)?"
        rf"|propos(?:es|ed|ing)|offer(?:s|ed|ing)?|would like) to|proposals? (?:to|for)|draft(?:s|ed)? (?:law|bill|plan)s?)\b",
    ),
    (
        HedgeKind.PLAN,
        1,
        rf"\b(?:(?:plan(?:s|ned|ning)?|intend(?:s|ed|ing)?|intention|vow(?:s|ed|ing)?|pledg(?:es?|ed|ing)"
        rf"|promis(?:es?|ed|ing)|prepar(?:es?|ed|ing)|agree(?:s|d)?|ready|poised|slated|willing) to"
        rf"|plans (?:for|on)|planning (?:for|on|an?)|{_BE}{_ADVERB} (?:about|set) to"
        rf"|(?:is|are|was|were)(?: all)? due (?:to (?=(?:{_VERBS_AHEAD})\b)|(?:at|in|on|back|out|later|next|before|for)\b)"
        rf"|scheduled (?:to|for|on)|on track to)(?!\w)",
    ),
    (
        HedgeKind.DOUBT,
        2,
        r"\b(?:unconfirmed|unverified|unproven|unclear|not (?:yet |entirely |immediately )?(?:clear|known|certain|confirmed)"
        r"|uncertain|inconclusive|doubt(?:s|ed|ful)?|disputed|questionable|(?<!more )(?<!less )unlikely(?: to)?"
        r"|(?:has|have|had) (?:yet|not yet) (?:to )?(?:be(?:en)? )?(?:confirm\w*|decide\w*|announce\w*|verif\w*|establish\w*)"
        r"|(?:could|can) ?not (?:be )?(?:independently |immediately )?(?:verif(?:y|ied)|confirm(?:ed)?)"
        r"|if (?:confirmed|true|approved|passed|convicted|elected|adopted|ratified)|no (?:final )?decision"
        r"|question(?:s|ed|ing)? whether)\b",
    ),
    (
        HedgeKind.EXPECTATION,
        1,
        rf"\b(?:{_BE}{_ADVERB} (?:expected|(?:heavily )?favou?red|forecast|predicted|projected|anticipated|tipped|feared|hoped"
        rf"|estimated)(?: to)?|expected to"
        rf"|(?<!as )(?:expects?|predicts?|forecasts?|projects|anticipates?|fears) (?=\w)(?:to|that)?"
        rf"|hopeful (?:that|of)|fears (?:that|of)|feared)\b",
    ),
)
_GERMAN: tuple[tuple[HedgeKind, int, str], ...] = (
    (
        HedgeKind.REPORT,
        1,
        r"\b(?:soll(?:en)?|angeblich|mutmaßlich\w*|laut|berichten zufolge|zufolge|nach (?:eigenen )?angaben|es heißt|heißt es"
        r"|gerüchte\w*)\b",
    ),
    (
        HedgeKind.POSSIBILITY,
        2,
        r"\b(?:könnten?|dürften?|möglicherweise|vielleicht|womöglich|eventuell|unter umständen)\b",
    ),
    (HedgeKind.POSSIBILITY, 1, r"\b(?:wahrscheinlich|vermutlich|offenbar|anscheinend|scheinbar|wohl|schein(?:t|en))\b"),
    (HedgeKind.PLAN, 2, r"\b(?:erwäg(?:t|en)|prüf(?:t|en)|(?:will|wollen|möchten?) (?=\w))"),
    (HedgeKind.PLAN, 1, r"\b(?:plan(?:t|en)|beabsichtig(?:t|en)|geplant\w*|vorhaben)\b"),
    (HedgeKind.DOUBT, 2, r"\b(?:unbestätigt\w*|unklar|ungewiss|fraglich|umstritten|unwahrscheinlich|zweifel\w*|ob)\b"),
    (
        HedgeKind.EXPECTATION,
        1,
        r"\b(?:(?:wird|werden) (?=[^.]{0,80}erwartet)|erwartet\w*|rechne(?:t|n) mit|voraussichtlich)\b",
    ),
)
_SPANISH: tuple[tuple[HedgeKind, int, str], ...] = (
    (
        HedgeKind.REPORT,
        1,
        r"\b(?:según|al parecer|supuest(?:amente|o|a|os|as)|presunt(?:amente|o|a|os|as)|habrían?|se dice que|rumor(?:es)?)\b",
    ),
    (HedgeKind.POSSIBILITY, 2, r"\b(?:podrían?|puede que|quizás?|tal vez|posiblemente|acaso|a lo mejor)\b"),
    (HedgeKind.POSSIBILITY, 1, r"\b(?:probablemente|parecen?|aparentemente|sugieren?|apunta(?:n)? a)\b"),
    (
        HedgeKind.PLAN,
        2,
        r"\b(?:estudian?|sopesan?|baraja(?:n)?|considera(?:n)?|quiere(?:n)?|busca(?:n)?) (?=\w+[aei]r\b)",
    ),
    (HedgeKind.PLAN, 1, r"\b(?:planean?|prevén?|pretenden?|tienen? previsto|(?:va|van) a|proponen?|promete(?:n)?)\b"),
    (HedgeKind.DOUBT, 2, r"\b(?:sin confirmar|no está claro|dudas?|dudos[oa]s?|se desconoce|de confirmarse)\b"),
    (
        HedgeKind.EXPECTATION,
        1,
        r"\b(?:se (?:espera|prevé)|espera(?:n)? que|está(?:n)? previst[oa]s?|previsiblemente)\b",
    ),
)
_FRENCH: tuple[tuple[HedgeKind, int, str], ...] = (
    (
        HedgeKind.REPORT,
        1,
        r"(?:\b(?:selon|aurai(?:t|ent)|serai(?:t|ent)|présumée?s?|prétendu(?:ment|e|s|es)?|soi-disant|rumeurs?)\b"
        r"|\bd['’]après\b)",
    ),
    (HedgeKind.POSSIBILITY, 2, r"\b(?:pourrai(?:t|ent)|peut-être|il se peut|éventuellement)\b"),
    (HedgeKind.POSSIBILITY, 1, r"\b(?:probablement|sans doute|apparemment|semble(?:nt)?|paraît|vraisemblablement)\b"),
    (HedgeKind.PLAN, 2, r"\b(?:envisage(?:nt)?|étudie(?:nt)?|souhaite(?:nt)?|veu(?:t|lent)|cherche(?:nt)? à)\b"),
    (HedgeKind.PLAN, 1, r"\b(?:prévoi(?:t|ent)|comptent? (?=\w+r\b)|promet(?:tent)?|propose(?:nt)?)\b"),
    (
        HedgeKind.DOUBT,
        2,
        r"\b(?:non confirmée?s?|pas confirmée?s?|incertaine?s?|incertain|doutes?|on ignore|pas clair)\b",
    ),
    (HedgeKind.EXPECTATION, 1, r"\b(?:devrai(?:t|ent)|attendue?s?|est prévue?|sont prévue?s)\b"),
)
_TABLES = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH, "fr": _FRENCH}


@cache
def _patterns(language: str) -> tuple[tuple[HedgeKind, int, re.Pattern[str]], ...]:
    rows = _TABLES.get(language, _ENGLISH)
    return tuple((kind, strength, re.compile(pattern, re.IGNORECASE)) for kind, strength, pattern in rows)
