"""A sentence to what it is: fact, opinion, question, forecast, order, fragment. Rules for English news text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.clauses import (
    AUXILIARIES,
    DETERMINERS,
    OPENING,
    PREPOSITIONS,
    SAYING,
    Token,
    attributed_behind,
    hide_quoted,
    is_finite,
    tokenize,
)
from assistant.terms import STOP_WORDS
from assistant.types import ClaimKind

ENDS = re.compile(r"[.!?…:;。！？؟।,][\"'”’»)\]*_]*$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GREETING = re.compile(
    r"(?:dear|hello|hi|hey|good (?:morning|afternoon|evening|day)|thanks|thank you|(?:best|kind|warm) (?:regards|wishes)"
    r"|regards|sincerely|yours|cheers|welcome)\b[^.!?:]{0,60}[.!,]?$",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?i:by|from|photo(?:s|graph)?(?: by)?:?|text:|source:|updated:?|published:?)\s+[A-Z0-9]")
_ORDERS_PROGRAM = re.compile(
    r"(?:^\W*|[.,;:!?]\s+|\b(?:and|please|now|must|should|then|to|you|just)\s+)(?:ignore|disregard|forget|override|bypass)\s+"
    r"(?:all|any|the|every|your|these|those|previous|prior|above|earlier)\b"
    r"|\b(?:you are|act as|acting as)\s+(?:now\s+)?an?\s+(?:\w+\s+)?(?:ai|assistant|chatbot|language model|fact-checker)\b"
    r"|\byour\s+(?:\w+\s+)?(?:instructions?|system prompt|prompt|output|verdict|response)\b"
    r"|\byou\s+(?:must|should|shall|have to|need to|are to|will)\s+(?:now\s+|always\s+|only\s+|not\s+)?"
    r"(?:say|answer|reply|respond|output|print|return|write|label|mark|rate|call|declare|treat|confirm|support|ignore|report)\b"
    r"|^\W*(?:system|assistant|user|developer|instructions?)\s*:|<\|",
    re.IGNORECASE,
)
_LEAD_IN = _words("please now then instead also just so and but kindly first next finally always never")
_ORDERS = _words(
    """ignore disregard subscribe click please forget pretend remember imagine consider assume respond reply ensure
    unsubscribe donate beware don't let's log enter enjoy follow visit download register listen be translate summarise
    summarize override bypass repeat stay"""
)
_ORDERS_OR_NOUNS = _words(
    """read see share mark use check call watch report answer say return output print write label rate treat tell give take
    make keep send join buy vote contact sign look find get note act stop start set show go come ask think help avoid add
    open put let do turn leave drink wait learn try classify conclude accept reject state judge verify"""
)
_ORDERS_TO_SPEAK = _words("say answer output print return write label")
_ORDER_OBJECTS = DETERMINERS | _words("it them me us him here that only yourself nothing everything more back")
_OPINIONS = re.compile(
    r"\b(?:I|we)(?:['’](?:m|re|d|ve))?\s+(?:\w+ly\s+|do\s+|would\s+|am\s+|are\s+)?(?:do not\s+|don['’]t\s+)?"
    r"(?:think|believe|feel|hope|guess|suppose|suspect|doubt|wish|want|love|hate|like|prefer|agree|disagree|sure|afraid"
    r"|convinced|glad|proud|sorry|ashamed|reckon|must|need to|have to|ought to|could do without|can manage)\b"
    r"|\b(?:in|to) (?:my|our) (?:humble |honest |own |personal )?(?:view|opinion|eyes|mind|book|judge?ment)\b"
    r"|\b(?:imo|imho|if you ask me|arguably|for my (?:part|money)|as I see it|there (?:has|have|must|needs?) to be"
    r"|it(?: is|['’]s) (?:high |about )?time (?:to|that|for)|ought to)\b"
    r"|^\W*what an? [^?.]{3,80}(?:!|\b(?:it|this|that|he|she|they) (?:is|was|are|were)\b[^?.]{0,20}[.!]*$)",
    re.IGNORECASE,
)
_EVALUATIVE = (
    "beautiful|wonderful|awful|terrible|horrible|great|amazing|brilliant|disgusting|disgraceful|shameful|ridiculous|stupid"
    "|silly|boring|exciting|delicious|lovely|nice|ugly|pathetic|fantastic|superb|excellent|magnificent|outrageous|absurd"
    "|unacceptable|inspiring|disappointing|embarrassing|perfect|charming|foolish|cowardly|heroic|sad|tragic|unfair|unjust"
    "|immoral|evil|marvellous|marvelous|splendid|atrocious|dreadful|appalling|deplorable|laughable|naive|brave|good|bad"
    "|better|worse|wise|unwise|impressive|annoying|overrated|underrated|a disgrace|a shame|a joke|an outrage|nonsense|fun"
    "|a masterpiece|the right (?:thing|decision|choice)|the wrong (?:thing|decision|choice)|important|essential"
    "|complex|remarkable|worrying|encouraging|troubling"
)
_COPULA = (
    r"(?:is|are|was|were|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|seems?|seemed|looks?|looked|feels?|felt|sounds?|be|been"
    r"|it['’]s|that['’]s)"
)
_HOW_MUCH = (
    r"(?:not|never|just|so|too|very|really|quite|simply|truly|absolutely|such|an?|the|far|most|more|less|rather|utterly"
    r"|completely|clearly|\w+ly)"
)
_JUDGES = re.compile(
    rf"\b{_COPULA}\s+(?:{_HOW_MUCH}\s+){{0,4}}"
    rf"(?:(?:{_EVALUATIVE})\b|best\b(?!-|\s+(?:known|selling))|worst\b(?!-)|greatest\b)",
    re.IGNORECASE,
)
_SUPERLATIVE_OF_TASTE = re.compile(
    r"\bthe (?:best|worst|greatest|finest|nicest|prettiest|most \w+) \w+ (?:ever|in the world)\b"
)
_FACTS = re.compile(r"\d|\b(?:per cent|percent|million|billion)\b")


def kind_of(said: str, fragment: bool, english: bool) -> ClaimKind:
    """What a sentence is. What it quotes decides nothing, unless it is a quotation from end to end."""
    said = _unquoted(said)
    hidden = hide_quoted(said)
    if english and _is_instruction(said, hidden):
        return ClaimKind.INSTRUCTION
    if fragment or _is_fragment(said, english):
        return ClaimKind.FRAGMENT
    if _is_question(hidden, english):
        return ClaimKind.QUESTION
    if english and _is_opinion(hidden):
        return ClaimKind.OPINION
    return ClaimKind.PREDICTION if english and _is_prediction(hidden) else ClaimKind.FACT


def _unquoted(said: str) -> str:
    hidden = hide_quoted(said)
    return said if any(map(str.isalnum, hidden)) else said.strip('"“”„«»()[] ')


def _is_question(hidden: str, english: bool) -> bool:
    bare = hidden.rstrip("\"'”’»)]*_! ·")
    if bare.endswith(("?", "？", "؟")):
        return True
    words = tokenize(hidden)
    if not english or len(words) < 3 or ENDS.search(bare):
        return False
    if words[0].low in _ASKS:
        return words[1].low in DETERMINERS | _ASKED_OF or words[1].capital
    reach = 4 if words[0].low in {"how", "which"} else 2
    verbs = any(word.low in AUXILIARIES for word in words[1:reach])
    return words[0].low in _WH and (verbs or (words[0].low == "who" and is_finite(words, 1, hidden)))


_WH = _words("who what when where why how which")
_ASKS = _words("is are was were do does did has have had can could would should")
_ASKED_OF = _words("he she it they we i you there")


def _is_instruction(said: str, hidden: str) -> bool:
    if _ORDERS_PROGRAM.search(hidden):
        return True
    words = list(tokenize(said)[:12])
    while words and words[0].low in _LEAD_IN and len(words) > 1:
        if words[0].low in {"please", "kindly"}:
            return True
        words = words[1:]
    return len(words) > 1 and _orders(words, said)


def _orders(words: Sequence[Token], said: str) -> bool:
    first, second = words[0], words[1]
    if said[first.end : second.start].lstrip()[:1] in tuple(":;,.-–—") or said[:1] in ("'", "‘"):
        return False
    if first.low == "do" and second.low == "not":
        return not second.capital
    if first.low in _ORDERS:
        return second.low not in AUXILIARIES and not is_finite(words, 1, said)
    if first.low not in _ORDERS_OR_NOUNS:
        return False
    if second.low in _ORDER_OBJECTS:
        return True
    verbs = any(is_finite(words, at, said) for at in range(1, len(words)))
    return (second.low in PREPOSITIONS | {"out", "up"} and not verbs) or first.low in _ORDERS_TO_SPEAK


def _is_fragment(said: str, english: bool) -> bool:
    words = tokenize(said)
    bare = said.strip("*_ ")
    if english and (_GREETING.match(bare) or (_BYLINE.match(bare) and len(words) <= 12 and not _has_verb(words, said))):
        return True
    content = [word for word in re.findall(r"\w+", said) if word.lower() not in STOP_WORDS]
    told = len(words) > 1 and (_has_verb(words, said) or (len(words) > 3 and words[0].low in _ASKED_OF))
    return len(content) < 3 and not told


def _has_verb(words: Sequence[Token], said: str) -> bool:
    return any(is_finite(words, at, said) for at in range(len(words)))


def _is_opinion(hidden: str) -> bool:
    words = tokenize(hidden)
    if _reported(words, hidden):
        return False
    if _OPINIONS.search(hidden) or any(_is_main(words, at, hidden) for at in _places(words, _DUTY)):
        return True
    if _FACTS.search(hidden):
        return False
    if _SUPERLATIVE_OF_TASTE.search(hidden):
        return True
    match = _JUDGES.search(hidden)
    return match is not None and not any(
        word.capital for word in words if word.start >= match.end() and word.low != "i"
    )


_DUTY = _words("should shouldn't deserve deserves deserved")


def _reported(words: Sequence[Token], hidden: str) -> bool:
    """Whether somebody else than the writer is said to hold it: that they do is a fact."""
    if (words and words[0].low == "according") or attributed_behind(words, hidden):
        return True
    return any(
        word.low in SAYING and at and words[at - 1].low not in {"i", "we"} and is_finite(words, at, hidden)
        for at, word in enumerate(words)
    )


def _places(words: Sequence[Token], wanted: frozenset[str]) -> list[int]:
    return [at for at, word in enumerate(words) if word.low in wanted]


def _is_main(words: Sequence[Token], at: int, text: str) -> bool:
    """Whether the verb is its sentence's first one, an opening "if" or "when" clause left aside."""
    comma = text.find(",") if words[0].low in OPENING else -1
    before = [word for word in words[:at] if word.start > comma]
    return not any(is_finite(before, place, text) for place in range(1, len(before)))


# --- Forecasts --------------------------------------------------------------------------------------------------------

_FUTURE = re.compile(
    r"\b(?:is|are|am|['’]re|['’]s) (?:(?:not|also|now|all|certainly|never) )?"
    r"(?:going to|about to|set to|bound to|sure to|certain to|likely to|unlikely to|doomed to|poised to|on course to"
    r"|on track to)\b|(?<=\w)['’]ll\b|\b(?:will|won['’]t)\b"
)
_LATER = re.compile(
    r"\b(?:next (?:year|month|week|decade|century|summer|winter|spring|autumn|fall|season)|by 20[2-9]\d"
    r"|in the (?:coming|next) \w+|in (?:the )?future|one day|some day|sooner or later|tomorrow)\b",
    re.IGNORECASE,
)
_OUTCOME = _words(
    """rise fall win lose grow shrink improve worsen increase decrease drop climb collapse fail succeed become never
    survive suffer dominate beat defeat change exceed recover happen likely probably eventually soon certainly surely
    inevitably almost undoubtedly definitely always double triple halve soar plunge slump decline disappear vanish prevail
    crash surge regret love hate think feel cause destroy save solve ruin turn prove slow weaken strengthen benefit hurt
    help mean perhaps possibly hopefully"""
)
_ARRANGED = _words(
    """send deploy gather meet host hold visit travel open close start begin launch test recruit hire build buy sell pay sign
    vote appear resume return leave join withdraw step publish release introduce ban lift impose require cover cost receive
    offer run replace move speak discuss address review investigate appeal retire resign appoint expand shut attend appear
    testify play travel fly arrive distribute provide fund finance allow focus feature include contain take"""
)
_WHEN = _words(
    """monday tuesday wednesday thursday friday saturday sunday tonight two three four five six seven eight nine ten eleven
    twelve"""
)
_OUTCOME_STATES = _words(
    "forgotten remembered destroyed hit affected lost beaten defeated ruined doomed overtaken driven dominated"
)
_IRREGULAR = _words(
    "held sent paid put cut built shut made brought taken given shown sold told laid led kept read set broadcast flown sworn"
)
_VERDICTS = _words(
    "a an the able easy hard difficult impossible possible better worse great good bad over fine safe too very so more less"
)


def _is_prediction(hidden: str) -> bool:
    """Whether it says how things will turn out. What is arranged for a day, a place or named people is announced: a fact."""
    words = tokenize(hidden)
    if _reported(words, hidden):
        return False
    match = _FUTURE.search(hidden)
    if match is None:
        could = _places(words, _words("could may might"))
        return bool(could) and _LATER.search(hidden) is not None and _is_main(words, could[0], hidden)
    verb = next((at for at, word in enumerate(words) if word.end >= match.end()), len(words) - 1)
    first = next((at for at, word in enumerate(words) if word.end > match.start()), 0)
    if not _is_main(words, first, hidden) or (first and words[first - 1].low in {"who", "which", "that"}):
        return False
    if re.search(r"likely|bound|sure|certain|doomed|course|track|poised", match.group()):
        return True
    after = [word.low for word in words[verb + 1 : verb + 5]]
    return _turns_out(after, words, hidden)


def _turns_out(after: Sequence[str], words: Sequence[Token], hidden: str) -> bool:
    """`after`: the words behind "will"."""
    meant = [word for word in after if word not in {"not", "also", "now", "all", "then", "both", "only"}]
    if meant and meant[0] in _ARRANGED:
        return False
    if not meant or meant[0] in _OUTCOME or (len(meant) > 1 and meant[0].endswith("ly") and meant[1] in _OUTCOME):
        return True
    if meant[0] != "be":
        return not _is_anchored(words, hidden)
    state = next((word for word in meant[1:] if not word.endswith("ly")), "")
    if state in _OUTCOME_STATES:
        return True
    arranged = state in _IRREGULAR or (state.endswith(("ed", "en")) and len(state) > 4) or state.endswith("ing")
    compared = state in _VERDICTS or (state.endswith("er") and len(state) > 4)
    return not arranged and (compared or not _is_anchored(words, hidden))


def _is_anchored(words: Sequence[Token], hidden: str) -> bool:
    """Whether a name, a day or a number says who, when or how many; "by 2030" and "next year" do not."""
    vague = [match.span() for match in _LATER.finditer(hidden)]
    telling = [word for word in words if not any(start <= word.start < end for start, end in vague)]
    return any((word.start > 0 and word.capital) or word.text[0].isdigit() or word.low in _WHEN for word in telling)
