"""The cases of an evaluation: what is asked or claimed, and what is known of the right answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.types import Label


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A stretch of an article that answers the question or settles the claim; or, as a wrong one, does not."""

    article: str
    """The article's source id."""
    quote: str
    """Its words; every occurrence in the article counts."""


@dataclass(frozen=True, slots=True)
class EvalCase:
    """A question, perhaps with answers to choose from, or a claim. Exactly one of `question` and `claim` is filled."""

    id: str
    question: str = ""
    earlier: tuple[str, ...] = ()
    """What was asked before it in the same conversation, in order."""
    claim: str = ""
    answerable: bool = True
    """Whether the articles hold the answer; where they don't, abstaining is right. Of a claim: whether they settle it."""
    date: date | None = None
    """The day it is asked: later articles are hidden. None: all articles may answer."""
    answers: tuple[str, ...] = ()
    """Accepted answers, any of which is right."""
    string_answer: bool = True
    """False when no short string is the answer ("none of these"): answer metrics are not applied."""
    choices: tuple[str, ...] = ()
    """Answers to choose from; one may say that none of the others is right."""
    right_choices: tuple[int, ...] = ()
    """0-based."""
    right_choice_removed: bool | None = None
    """Whether "none of the above" is right; None for a case that does not offer it."""
    gold_article_ids: tuple[str, ...] = ()
    """Source ids, best first."""
    grades: Mapping[str, int] = field(default_factory=dict)
    """How relevant an article is, by source id, for sets that grade (qrels); an article not named has 0, and gold articles
    that are not named 1."""
    gold_spans: tuple[GoldSpan, ...] = ()
    wrong_spans: tuple[GoldSpan, ...] = ()
    """Stretches that an answer to the question must not cite. Where a case has nothing else, abstaining is neither right
    nor wrong."""
    label: Label | None = None
    """The verdict on a claim; None for a question."""
    evidence: tuple[str, ...] = ()
    """Texts to judge the claim by; without any, it is judged by what the library has."""
    gold_evidence: tuple[int, ...] = ()
    """Which of these texts settle the claim, 0-based; empty where the set does not say."""
    group: str = ""
    """Cases of one group that make the same claim are read as one case with the evidence of all (WiCE cuts long pages)."""
    tags: tuple[str, ...] = ()
    dataset: str = ""
    """The set it comes from; with `id` it names the case."""

    @property
    def text(self) -> str:
        """What is asked or claimed."""
        return self.question or self.claim

    @property
    def accepted(self) -> tuple[str, ...]:
        """The answers that text is compared with."""
        return self.answers if self.answerable and self.string_answer else ()


_NONE = re.compile(r"\W*(?:none|neither|no one)(?: (?:of|is|are)\b.*)?\W*", re.IGNORECASE)


def says_none(choice: str) -> bool:
    """Whether a given answer says that none of the others is right."""
    return _NONE.fullmatch(choice) is not None
