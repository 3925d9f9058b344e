"""A stretch of an article to the words beside it that limit or reverse it: "..., but not to send troops", "That is wrong."

What counts are the markers by which English, German, Spanish and French prose limits what it just said. The rest of the
sentence is the surest place; a neighbouring sentence counts only where it begins with such a marker or denies what it follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.chunking import APART, Sentence, article_sentences
from assistant.types import Article, Span


class LimitKind(StrEnum):
    """What the words beside a stretch do to it."""

    REVERSES = "reverses"  # with them it says the opposite, or that it is not so
    LIMITS = "limits"  # with them it says less: a condition, an exception, a reservation


@dataclass(frozen=True, slots=True)
class Limit:
    """Words beside a stretch without which it says something else."""

    span: Span
    kind: LimitKind
    note: str
    """One sentence for the reader."""


def limits(article: Article, span: Span) -> Limit | None:
    """What limits or reverses the words at `span`, the surest first; None when nothing beside them does.

    Looked at are the rest of the sentence behind the span, what stands in front of it in its sentence, the sentence after
    and the one before. A span that holds its own "but" has nothing cut off.
    """
    if not 0 <= span.start < span.end <= len(article.text):
        return None
    sentences = _sentences(article)
    touched = [i for i, one in enumerate(sentences) if one.start < span.end and span.start < one.end]
    if not touched:
        return None
    first, last = touched[0], touched[-1]
    return (
        _behind(article, span, sentences, last)
        or _in_front(article, span, sentences[first])
        or _after(article, sentences, last)
        or _before(article, sentences, first)
    )


@lru_cache(maxsize=64)
def _sentences(article: Article) -> tuple[Sentence, ...]:
    return tuple(article_sentences(article))


# --- The rest of the sentence -----------------------------------------------------------------------------------------

_MARKS = " \t\n\"'“”„«»’‘,;:–—-([…"
_BUT_NOT = (
    r"(?:but|though|although|albeit|yet)[, ]+(?:\w+ )?(?:not|never|only|without|no)\b|rather than|instead of|except\b|excluding"
    r"|unless|but\b"
    r"|aber (?:nicht|nur|kein\w*)|jedoch (?:nicht|nur|kein\w*)|sondern|es sei denn|ausgenommen|außer\b|aber\b|allerdings|jedoch"
    r"|pero (?:no|sólo|solo)|sino\b|salvo\b|excepto|a menos que|pero\b|sin embargo"
    r"|mais (?:pas|seulement|sans)|sauf\b|à moins que|mais\b"
)
_CONDITION = (
    r"if\b|only if|only when|only after|only once|provided\b|providing that|as long as|so long as|on condition that|in case\b"
    r"|although|though\b|even though|however|albeit|yet\b|pending\b|subject to"
    r"|falls\b|sofern|solange|wenn\b|obwohl|obgleich"
    r"|si\b|siempre que|aunque|bien que|quoique|pourvu que"
)
_BEHIND = re.compile(
    rf"(?P<reverses>(?:but|though|yet|aber|pero|mais)\b[^.;]{{0,40}}\b(?:was|were|is|are|it|that)\b"
    rf"[^.;]{{0,12}}\b(?:wrong|false|untrue)\b)|(?P<limits>{_BUT_NOT}|{_CONDITION})",
    re.IGNORECASE,
)
_INSERTED = re.compile(  # the words between two halves of a quotation: ," the planner said, "
    r"[\s,.;]*+[\"”“»«’]?[\s,–—-]*+(?:[\w.’'-]+ ){0,8}?(?:said|says|added|told \w+|noted|wrote|explained|warned|argued|insisted"
    r"|sagte|erklärte|dijo|afirmó|añadió)\b(?: [\w.’'-]+){0,8}?[,:]\s*(?=[\"“„«»])",
    re.IGNORECASE,
)
_REACH = 400  # characters of a neighbour that are read


def _behind(article: Article, span: Span, sentences: tuple[Sentence, ...], i: int) -> Limit | None:
    """A limit in the same sentence behind the span, also behind an inserted "he said"."""
    end = sentences[i].end
    if not _word_follows(article.text, span.end, end):
        return None
    rest = article.text[span.end : min(end, span.end + _REACH)]
    inserted = _INSERTED.match(rest)
    for skipped in dict.fromkeys((0, inserted.end() if inserted else 0)):
        at = skipped + _first_mark_end(rest[skipped:])
        match = _BEHIND.match(rest, at)
        if match:
            cut = Span(article.id, span.end + at, end)
            kind = LimitKind.REVERSES if match["reverses"] else LimitKind.LIMITS
            return Limit(cut, kind, f"The sentence goes on: “{_shown(article.quote(cut))}”")
    return None


def _word_follows(text: str, start: int, end: int) -> bool:
    return any(char.isalnum() for char in text[start:end])


def _first_mark_end(rest: str) -> int:
    return len(rest) - len(rest.lstrip(_MARKS))


_FRONT_REVERSES = re.compile(
    r"(?:\b(?:den(?:y|ies|ied|ying)|debunk(?:s|ed|ing)?)(?: that| having)?"
    r"|\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|disput(?:es?|ed|ing)|refut(?:es?|ed|ing))"
    r" (?:\w+ ){0,3}?(?:claims?|ideas?|suggestions?|notions?|reports?|allegations?|accusations?|rumou?rs?) (?:that|of)"
    r"|\b(?:not true|untrue|false|wrong|incorrect|a myth|a lie|no evidence|no proof|no indication|no sign|nothing to suggest)"
    r"(?: to suggest)? that"
    r"|(?:\bnot|n[’']t|\bnever) (?:said|say|saying|think|believe|thought|believed|mean|suggest|claim)(?: that)?"
    r"|\b(?:wrongly|falsely|mistakenly|erroneously) (?:\w+ ){0,4}(?:that|of|for)"
    r"|\b(?:doubt(?:s|ed)?|failed to (?:show|prove|establish))(?: that| whether| if)?"
    r"|\bnicht(?: wahr)?, dass|\bbestreitet,? dass|\bfalsch, dass|\b(?:no es cierto|es falso|niega|negó|desmintió) que"
    r")[\s\"“„«:]*$",
    re.IGNORECASE,
)
_FRONT_LIMITS = re.compile(
    r"(?:\b(?:if|unless|whether|only if|only when|even if|provided(?: that)?|as long as|in case|suppose|assuming(?: that)?"
    r"|falls|sofern|ob|wenn|es sei denn,?|si|a menos que|hardly|barely|almost|nearly)[\s\"“„«:]*$)"
    r"|^[\s\"“„«]*(?:if|unless|only if|even if|provided that|as long as|falls|sofern|wenn|si)\b[^.;:]{3,160},[\s\"“„«]*$",
    re.IGNORECASE,
)


def _in_front(article: Article, span: Span, sentence: Sentence) -> Limit | None:
    """What stands in front of the span in its sentence: "he denied that |...", "if |...", "If it rains, |..."."""
    start = max(sentence.start, span.start - _REACH)
    front = article.text[start : span.start]
    for pattern, kind in ((_FRONT_REVERSES, LimitKind.REVERSES), (_FRONT_LIMITS, LimitKind.LIMITS)):
        if match := pattern.search(front):
            at = start + match.start() + _first_mark_end(match.group())
            found = Span(article.id, at, start + len(front.rstrip(_MARKS)))
            if found.start < found.end:
                return Limit(found, kind, f"The sentence begins: “{_shown(article.quote(found))} ...”")
    return None


# --- The neighbouring sentences ---------------------------------------------------------------------------------------

_STATEMENTS = (
    r"(?:claims?|allegations?|reports?|accusations?|remarks?|suggestions?|charges?|idea|notion|account|statements?|comments?"
    r"|characteri[sz]ation|wrongdoing|involvement|rumou?rs?|story)\b"
)
_THIS = rf"(?:(?:it|this|that|so|them|these|those)\b|(?:[\w’'-]+ ){{0,3}}?{_STATEMENTS})"
_NOT_SO = (
    r"(?:(?:that|this|it|which|das|dies|eso|esto|c[’']est)[’' ]{0,2}(?:is|was|has been|ist|war|es|era|s)?"
    r" ?(?:simply |clearly |also |just |all |einfach |not |n[’']t |nicht |no )?"
    r" ?(?:wrong|false|untrue|incorrect|inaccurate|misleading|a lie|a myth|nonsense|not true|n[’']t true|not correct"
    r"|not so[.,;!]|not the case|falsch|nicht wahr|unwahr|falso|mentira|cierto|faux)\b"
    r"|not so[.,;!]|no such \w+|not true\b|false[.!]|wrong[.!]|(?:das )?stimmt nicht|no es (?:cierto|verdad)|es falso)"
)
_DENIAL = (
    r"(?!nor |(?:[\w.’'-]+,? ){0,7}?(?:not|never|neither|nobody|hard|\w+n[’']t) (?:to )?(?:den|dis|rej|contr|ref|retr|with))"
    r"(?:[\w.’'-]+ ){1,6}?(?:has |have |had |also |later |since |then |soon |quickly |subsequently )*"
    rf"(?:(?:retracted|recanted|walked back|backtracked on|withdrew|withdrawn|apologi[sz]ed for|took back|taken back) {_THIS}"
    rf"|(?<!was )(?<!were )den(?:y|ies|ied)(?: (?:having|\w+ing)\b| {_THIS}|[.,;])"
    rf"|(?:reject(?:s|ed)?|disput(?:es?|ed)|dismiss(?:es|ed)|contradict(?:s|ed)|refut(?:es|ed)) {_THIS}"
    r"|(?:does|do|did) ?n(?:o|[’'])t (?:accept|agree with) (?:it|that|this)\b"
    r"|(?:bestreitet|dementierte|zog) (?:dies|das|es|die Aussage)\b|(?:lo niega|lo negó|se retractó)\b)"
)
_AFTER_REVERSES = re.compile(f"{_NOT_SO}|{_DENIAL}", re.IGNORECASE)
_AFTER_LIMITS = re.compile(
    r"(?:but|however|yet|nevertheless|nonetheless|that said|even so|still,|only if|unless|except|not everyone|not everybody"
    r"|in fact,|in reality|the exceptions?|one exception|there (?:is|are) (?:one |some |an? |a few )?(?:exceptions?|caveats?)"
    r"|aber|allerdings|jedoch|doch|dennoch|trotzdem|pero|sin embargo|no obstante|mais|cependant|toutefois|pourtant)\b"
    r"|(?:[\w.’'-]+ ){1,5}(?:neither confirmed nor denied|disagrees?[.;]|(?:are|is) not convinced|declined to confirm)"
    r"|(?:[\w.’'-]+ ){0,3}[\w.’'-]+, however,",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\b(?:myths?|false claims?|hoax|fake|untrue|fabricated|falsely|wrongly|imagine|suppose|hypothetical\w*|in theory"
    r"|on one condition|under one condition|falschmeldung|bulo)\b[^.!?]{0,120}[:.]?[\"“]?$)",
    re.IGNORECASE,
)


def _after(article: Article, sentences: tuple[Sentence, ...], i: int) -> Limit | None:
    """A denial in the next sentence, or a "But" in the same paragraph: one that opens a paragraph opens another subject."""
    following = _neighbour(article, sentences, i, i + 1)
    if following is None:
        return None
    text = article.text[following.start : min(following.end, following.start + _REACH)].lstrip(_MARKS)
    same_paragraph = "\n" not in article.text[sentences[i].end : following.start]
    for pattern, kind in ((_AFTER_REVERSES, LimitKind.REVERSES), (_AFTER_LIMITS, LimitKind.LIMITS)):
        if (same_paragraph or kind is LimitKind.REVERSES) and pattern.match(text):
            span = Span(article.id, following.start, following.end)
            return Limit(span, kind, f"The next sentence says: “{_shown(article.quote(span))}”")
    return None


def _before(article: Article, sentences: tuple[Sentence, ...], i: int) -> Limit | None:
    earlier = _neighbour(article, sentences, i, i - 1)
    if earlier is None:
        return None
    text = article.text[max(earlier.start, earlier.end - _REACH) : earlier.end]
    if not (text.rstrip(' "”“»«').endswith(":") and _BEFORE.search(text)):
        return None
    span = Span(article.id, earlier.start, earlier.end)
    return Limit(span, LimitKind.REVERSES, f"The sentence before says: “{_shown(article.quote(span))}”")


def _neighbour(article: Article, sentences: tuple[Sentence, ...], i: int, j: int) -> Sentence | None:
    """Sentence j, if it stands in the same or the next paragraph as sentence i and is no comment, heading or page furniture."""
    if not 0 <= j < len(sentences):
        return None
    here, there = sentences[i], sentences[j]
    if there.zone in APART or here.zone in APART or there.zone != here.zone:
        return None
    between = article.text[min(here.end, there.end) : max(here.start, there.start)]
    is_prose = article.text[max(0, there.end - 3) : there.end].rstrip("\"'”’»“)]")[-1:] in (*".!?…:;", "")
    return there if between.count("\n") <= 2 and is_prose else None


def _shown(text: str, longest: int = 160) -> str:
    """The words on one line, cut at a space."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0] + " ..."
