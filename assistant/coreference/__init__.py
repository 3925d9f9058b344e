"""A sentence and the ones before it to the sentence with its pronouns and "the company" named, where that is safe.

Safe is: one candidate of the fitting kind and no other, or the subject of the sentence before when it is the only person
there. No parser; kinds of names come from titles, appositions and the words in the names. After the high-precision sieves
of Raghunathan et al., "A Multi-Pass Sieve for Coreference Resolution", EMNLP 2010. In doubt a word stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant.clauses import AUXILIARIES, DETERMINERS, PREPOSITIONS, SAYING, Token, finite_verb, is_finite, tokenize
from assistant.coreference._mentions import Mention, NameKind, is_name, mentions_in, phrase_start
from assistant.coreference._words import (
    AGENT_VERBS,
    CALENDAR,
    CITY_NOUNS,
    COMPANY,
    COUNTRIES,
    HE,
    HUMAN_VERBS,
    OFFICES,
    PLACE_WORDS,
    PLURALS,
    RANKED,
    REGIONS,
    ROLES,
    THEY,
    THING_NOUNS,
    TITLES,
)
from assistant.terms import STOP_WORDS

__all__ = ["ROLES", "resolve"]


def resolve(sentence: str, before: Sequence[str], near: bool = True) -> str:
    """The sentence with its pronouns and definite descriptions named, or as it is.

    `before` are the sentences that came before it, already resolved, the nearest last. `near`: they stand in the same
    paragraph; else only a candidate that is alone in all of them counts. What stands in quotation marks stays.
    """
    if not before or len(sentence) > _LONGEST:
        return sentence
    scene = _Scene(tuple(text[:_LONGEST] for text in before), near)
    changes: list[tuple[Token, str]] = []
    tokens = tokenize(sentence)
    named = False
    for at, token in enumerate(tokens):
        person = token.low in HE
        if not (person and named) and (name := _name_for(tokens, at, sentence, scene)):
            changes.append((token, name))
            named = named or person  # whom a second pronoun means, the sentence says by itself
    return _replaced(sentence, tokens, changes)


_LONGEST = 1000  # characters of a sentence


def _name_for(tokens: Sequence[Token], at: int, sentence: str, scene: _Scene) -> str:
    low = tokens[at].low
    if low in HE:
        if at and _named_behind(tokens[at], sentence):
            return ""
        return _inflected(scene.person(HE[low], sentence[: tokens[at].start]), tokens, at)
    if low in THEY:
        plural = "" if _plural_heads(tokens[:at]) or mentions_in(sentence[: tokens[at].start]) else scene.plural()
        return _inflected(plural, tokens, at)
    if low in {"it", "its"} and at == 0 and len(tokens) > 1:
        acts = low == "its" or tokens[1].low in AGENT_VERBS
        return _inflected(scene.group_subject(), tokens, at) if acts else ""
    if low == "the" and at + 1 < len(tokens):
        return _described(tokens, at, sentence, scene)
    return ""


def _named_behind(pronoun: Token, sentence: str) -> list[Mention]:
    """Who is named after the comma that follows the pronoun: "after his speech, Merz left" needs nobody else."""
    comma = sentence.find(",", pronoun.end)
    if comma < 0 or "," in sentence[: pronoun.start]:
        return []
    return [
        mention for mention in mentions_in(sentence) if comma < mention.start < comma + 4 and _may_be_person(mention)
    ]


def _inflected(name: str, tokens: Sequence[Token], at: int) -> str:
    if not name:
        return ""
    low = tokens[at].low
    if low in {"his", "its", "their"} or (low == "her" and _noun_follows(tokens, at)):
        return f"{name}’" if name.endswith("s") and low == "their" else f"{name}’s"
    return name


def _noun_follows(tokens: Sequence[Token], at: int) -> bool:
    follows = tokens[at + 1] if at + 1 < len(tokens) else None
    return follows is not None and follows.low not in STOP_WORDS | PREPOSITIONS | AUXILIARIES and follows.end > 0


def _described(tokens: Sequence[Token], at: int, sentence: str, scene: _Scene) -> str:
    """The name behind "the company", where nothing else is said of it: "the city council" is not the city."""
    noun = tokens[at + 1]
    if noun.text.endswith(("’s", "'s")):
        bare, ending = noun.low[:-2], "’s"
    else:
        bare, ending = noun.low, ""
    if bare == "prime" and at + 2 < len(tokens) and tokens[at + 2].low == "minister":
        noun, bare = tokens[at + 2], "minister"
    follows = next((token for token in tokens[at + 2 :] if token.start >= noun.end), None)
    alone = (
        ending
        or follows is None
        or "," in sentence[noun.end : follows.start]
        or _ends_phrase(tokens, follows, sentence)
    )
    if not alone or not _glued(sentence, noun.end, follows):
        return ""
    name = scene.described(bare, sentence[: tokens[at].start])
    return name + ending if name else ""


def _ends_phrase(tokens: Sequence[Token], follows: Token, sentence: str) -> bool:
    at = tokens.index(follows)
    return follows.low in AUXILIARIES | SAYING | (PREPOSITIONS - {"of"}) | {"and", "also"} or is_finite(
        tokens, at, sentence
    )


def _glued(sentence: str, end: int, follows: Token | None) -> bool:
    """False where an apposition names it at once: "the mayor, Dolores Whitcomb,"."""
    return not (follows is not None and follows.capital and "," in sentence[end : follows.start])


def _replaced(sentence: str, tokens: Sequence[Token], changes: Sequence[tuple[Token, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for token, name in changes:
        end = token.end
        if token.low == "the":
            end = _description_end(tokens, token)
        shown = name if token.start else name[:1].upper() + name[1:]
        pieces += [sentence[done : token.start], shown]
        done = end
    return "".join([*pieces, sentence[done:]])


def _description_end(tokens: Sequence[Token], the: Token) -> int:
    at = tokens.index(the)
    return tokens[at + 2].end if tokens[at + 1].low == "prime" else tokens[at + 1].end


# --- What was said before ---------------------------------------------------------------------------------------------


class _Scene:
    """The candidates of the sentences before."""

    def __init__(self, before: tuple[str, ...], near: bool) -> None:
        self._before = before
        self._near = near

    def person(self, pronoun: str, so_far: str) -> str:
        if any(_may_be_person(mention) for mention in mentions_in(so_far)):
            return ""
        everyone = [mention for text in self._before for mention in mentions_in(text) if _may_be_person(mention)]
        latest = [mention for mention in mentions_in(self._before[-1]) if _may_be_person(mention)]
        if any(_dangling_pronoun(text) for text in self._before):
            return ""
        if len(_entities(everyone)) == 1:
            chosen = everyone
        elif self._near and len(_entities(latest)) == 1 and _is_subject(latest[0], self._before[-1]):
            chosen = latest
        else:
            return ""
        fullest = max(chosen, key=lambda mention: (mention.named, len(mention.text.split())))
        return fullest.text if _is_person(fullest, self._before) and _fits(chosen, pronoun) else ""

    def plural(self) -> str:
        text = self._before[-1]
        tokens = tokenize(text)
        verb = finite_verb(tokens, text)
        if not verb or not self._near or _names_a_group(self._before[-1]):
            return ""
        subject = tokens[:verb]
        others = _plural_heads(tokens[verb:])
        heads = _plural_heads(subject)
        if (
            others
            or not heads
            or len(subject) > 5
            or any(token.low in PREPOSITIONS | {"it", "this"} for token in subject)
        ):
            return ""
        if (
            heads[-1] != subject[-1].low
            or "," in text[: subject[-1].end]
            or subject[0].low in {"they", "their", "no", "few"}
        ):
            return ""
        phrase = text[subject[0].start : subject[-1].end]
        return phrase if subject[0].capital and is_name(subject[0]) else phrase[:1].lower() + phrase[1:]

    def group_subject(self) -> str:
        """The firm or institution that the sentence before is about, when it names no other."""
        text = self._before[-1]
        groups = [m for m in mentions_in(text) if m.kind in (NameKind.GROUP, NameKind.OTHER) and m.named]
        if not self._near or len(_entities(groups)) != 1 or not _is_subject(groups[0], text):
            return ""
        tokens = tokenize(text)
        verb = finite_verb(tokens, text)
        acts = verb is not None and tokens[verb].low in AGENT_VERBS | {"has", "is", "was", "had"}
        return _with_article(groups[0], text) if acts and groups[0].kind is NameKind.GROUP else ""

    def described(self, noun: str, so_far: str) -> str:
        if _has_head(so_far, noun):
            return ""
        if noun in RANKED:
            return self._titled(noun, so_far)
        if noun in COMPANY:
            leads = self._leading_groups()
            return self._only(lambda m: m.kind is NameKind.GROUP and m.last not in OFFICES, so_far) if leads else ""
        if noun in CITY_NOUNS:
            return self._only(
                lambda m: m.kind is NameKind.PLACE and m.last not in COUNTRIES | REGIONS | PLACE_WORDS, so_far
            )
        if noun == "country":
            return self._only(lambda m: m.last in COUNTRIES, so_far)
        return self._headed(noun) if noun in THING_NOUNS else ""

    def _leading_groups(self) -> bool:
        """Whether a sentence is about a firm: "a syndicate led by Lowen & Tarrant" makes nobody "the company"."""
        return any(
            m.kind is NameKind.GROUP and _is_subject(m, text) for text in self._before for m in mentions_in(text)[:1]
        )

    def _only(self, fits: Callable[[Mention], bool], so_far: str) -> str:
        """The one fitting name; names of no known kind stand in the way."""
        found, clear = [], True
        for text in (*self._before, so_far):
            for mention in mentions_in(text):
                if mention.named and fits(mention):
                    found.append(_with_article(mention, text))
                elif mention.named and mention.kind is NameKind.OTHER:
                    clear = False
        names = {name.casefold() for name in found}
        return found[0] if clear and len(names) == 1 and found[0].casefold() not in so_far.casefold() else ""

    def _titled(self, noun: str, so_far: str) -> str:
        holders = [m for text in (*self._before, so_far) for m in mentions_in(text) if m.title == noun and m.named]
        untold = any(_untold(text, noun) for text in self._before)
        here = any(m.title == noun for m in mentions_in(so_far))
        return (
            max((m.text for m in holders), key=len) if len(_entities(holders)) == 1 and not here and not untold else ""
        )

    def _headed(self, noun: str) -> str:
        """ "The Voltmark battery plant" for "the plant", where no other plant was named."""
        phrases = {phrase for text in self._before for phrase in _named_phrases(text, noun)}
        mentioned = sum(token.low == noun for text in self._before for token in tokenize(text))
        return phrases.pop() if len(phrases) == 1 and mentioned == 1 else ""


def _dangling_pronoun(text: str) -> bool:
    """Whether somebody who is not named in the sentence is spoken of in it."""
    for token in tokenize(text):
        if token.low in HE:
            return not any(_may_be_person(mention) for mention in mentions_in(text[: token.start]))
    return False


def _untold(text: str, noun: str) -> bool:
    """Whether the sentence has "the president" without saying who that is."""
    named = [mention for mention in mentions_in(text) if mention.title == noun and mention.named]
    return not named and any(token.low == noun for token in tokenize(text))


def _has_head(text: str, noun: str) -> bool:
    return any(token.low == noun for token in tokenize(text))


def _plural_heads(tokens: Sequence[Token]) -> list[str]:
    return [
        token.low
        for at, token in enumerate(tokens)
        if token.low in PLURALS
        or (
            len(token.low) > 3
            and token.low.endswith("s")
            and not token.low.endswith(("ss", "us", "is", "'s"))
            and token.low not in STOP_WORDS | SAYING | AUXILIARIES | AGENT_VERBS | CALENDAR
            and not (at and token.capital)
        )
    ]


def _names_a_group(text: str) -> bool:
    return any(mention.kind is NameKind.GROUP for mention in mentions_in(text))


def _named_phrases(text: str, noun: str) -> Iterator[str]:
    tokens = tokenize(text)
    for at, token in enumerate(tokens):
        if token.low != noun or token.capital:
            continue
        begin = phrase_start(tokens, text, at, 4)
        modifiers = tokens[begin:at]
        if begin and tokens[begin - 1].low in {"the", "a", "an"} and any(is_name(word) for word in modifiers):
            yield f"the {text[modifiers[0].start : token.end]}"


def _with_article(mention: Mention, text: str) -> str:
    return f"the {mention.text}" if text[: mention.start].lower().endswith("the ") else mention.text


def _is_subject(mention: Mention, text: str) -> bool:
    """Whether the sentence begins with it, an article or a title before it left aside."""
    tokens = tokenize(text)
    first = next((at for at, token in enumerate(tokens) if token.start >= mention.start), len(tokens))
    return all(token.low in TITLES | ROLES | DETERMINERS | {"prime", "former"} for token in tokens[:first])


def _may_be_person(mention: Mention) -> bool:
    return mention.kind in (NameKind.PERSON, NameKind.OTHER)


def _is_person(mention: Mention, texts: Sequence[str]) -> bool:
    """Whether a name of unknown kind does what people do: it begins a sentence and says, meets, resigns."""
    if mention.kind is NameKind.PERSON:
        return True
    for text in texts:
        tokens = tokenize(text)
        for at, token in enumerate(tokens[:2]):
            if token.text == mention.text and at + 1 < len(tokens) and tokens[at + 1].low in HUMAN_VERBS:
                return not mention.text.endswith("s")
    return False


def _entities(mentions: Sequence[Mention]) -> set[str]:
    """How many there are: a surname is the full name's, a role without a name its own."""
    return {mention.last for mention in mentions}


def _fits(mentions: Sequence[Mention], pronoun: str) -> bool:
    known = {mention.female for mention in mentions if mention.female is not None}
    return not known or known == {pronoun == "she"}
