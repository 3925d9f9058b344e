"""200 replies of a model that lies, over the sample corpus: nothing false is shown as found, and nothing unfound is unmarked.

Each reply is made from its seed and the prompt (tests/adversary.py). Every second one answers as text with markers, the
others as JSON.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from adversary import TRICKS, Adversary
from fake_server import FakeServer

from assistant import Assistant
from assistant.render import answer_json
from assistant.resources import data_dir
from assistant.text import fold
from assistant.types import Answer, Article, CheckedStatement, Citation, Filters, StatementState

REPLIES = 200
TRUSTED = (StatementState.VERIFIED, StatementState.CITED)
UNSUPPORTED = (StatementState.NOT_IN_SOURCES, StatementState.CONTRADICTED)
ANY_MARKER = re.compile(r"[\[【〔⟦]\s*[\d.,; ]+\s*[\]】〕⟧]")


@dataclass(frozen=True)
class Case:
    """A hostile reply and the answer that came of it."""

    seed: int
    trick: str
    question: dict[str, Any]
    replies: tuple[str, ...]
    answer: Answer
    articles: dict[str, Article]

    @property
    def texts(self) -> list[str]:
        return [self.answer.text[one.start : one.end] for one in self.answer.statements]

    def citations(self, statement: CheckedStatement) -> list[Citation]:
        """What is shown behind a statement."""
        return [one for one in self.answer.citations if _overlap(one.answer_start, one.answer_end, statement)]

    def has_finding(self, statement: CheckedStatement) -> bool:
        return any(_overlap(one.start, one.end, statement) for one in self.answer.findings)

    def __str__(self) -> str:
        states = [f"{one.state}: {text!r}" for one, text in zip(self.answer.statements, self.texts, strict=True)]
        return (
            f"\nseed {self.seed} ({self.trick}), {self.question['id']}: {self.question['question']}"
            f"\n  last reply: {self.replies[-1][:400]!r}\n  answer: {self.answer.text[:400]!r}"
            f"\n  statements: {states[:5]}\n  doubt: {self.answer.doubt!r}; note: {self.answer.note!r}"
        )


@pytest.fixture(scope="module")
def words_only(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The home of the sample corpus, searched by words alone."""
    home = tmp_path_factory.mktemp("words")
    with Assistant(home) as assistant:
        assistant.ingest(data_dir("corpus"), embed=False)
    return home


@pytest.fixture(scope="module")
def cases(words_only: Any) -> Iterator[list[Case]]:
    """Every reply's answer, made once."""
    lines = (data_dir("corpus") / "questions" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    with pytest.MonkeyPatch.context() as patch, FakeServer() as server:
        patch.setenv("OPENAI_API_KEY", "sk-test-1")
        patch.setenv("OPENAI_BASE_URL", server.url)
        chosen: dict[str, Any] = {"answerer": "chat", "llm": "openai:fake-1", "llm_timeout_s": 30, "llm_cache": False}
        with (
            Assistant(words_only, llm_form="schema", **chosen) as in_json,
            Assistant(words_only, llm_form="text", **chosen) as in_text,
        ):
            yield [
                _case(seed, questions[seed * 5 % len(questions)], in_text if seed % 2 else in_json, server)
                for seed in range(REPLIES)
            ]


def _case(seed: int, question: dict[str, Any], assistant: Assistant, server: FakeServer) -> Case:
    adversary = Adversary(seed)
    server.reply = adversary
    as_of = date.fromisoformat(question["date"])
    answer = assistant.ask(question["question"], filters=Filters(as_of=as_of))
    replies = tuple(adversary.replies) or ("none",)
    return Case(seed, adversary.trick, question, replies, answer, assistant.articles_of(answer))


def _overlap(start: int, end: int, statement: CheckedStatement) -> bool:
    return start < statement.end and statement.start < max(end, start + 1)


def told(wrong: Sequence[object]) -> str:
    return f"{len(wrong)} wrong:" + "".join(map(str, wrong[:3]))


def plain(text: str) -> str:
    """As a reader sees it: other forms of digits and letters made plain, characters without width left out."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")


def numbers(text: str) -> set[str]:
    return {str(int(digits)) for digits in re.findall(r"\d+", plain(text))}


played = pytest.mark.parametrize("trick", TRICKS)


# --- The adversary itself


def test_the_same_seed_says_the_same() -> None:
    prompt = (
        "[1.1] Leaders of 30 countries met.\n[2.1] It was not “a very serious step”, Ada Bell said.\nQuestion: Who?"
    )
    request = {"messages": [{"role": "user", "content": prompt}]}

    assert [Adversary(seed)(request) for seed in range(REPLIES)] == [
        Adversary(seed)(request) for seed in range(REPLIES)
    ]


def test_most_replies_reach_the_gates(cases: list[Case]) -> None:
    assert len(cases) == REPLIES
    assert len(TRICKS) >= 20
    assert len({case.replies for case in cases}) > REPLIES * 0.9
    by_the_model = [case for case in cases if case.answer.calls and not case.answer.calls[-1].failed]
    assert len(by_the_model) > REPLIES * 0.7


# --- Citations


@played
def test_every_citation_is_the_articles_own_words(cases: list[Case], trick: str) -> None:
    shown = [(case, citation) for case in cases if case.trick == trick for citation in case.answer.citations]

    wrong = [
        (case, one)
        for case, one in shown
        if not one.shown or one.quote != case.articles[one.span.article_id].quote(one.span)
    ]
    assert not wrong, told(wrong)


@played
def test_nothing_that_was_rejected_is_a_citation(cases: list[Case], trick: str) -> None:
    mine = [case for case in cases if case.trick == trick]

    wrong = [case for case in mine if any(one.shown for one in case.answer.rejected)]
    wrong += [case for case in mine if set(case.answer.rejected) & set(case.answer.citations)]
    assert not wrong, told(wrong)


@played
def test_every_marker_in_the_text_is_one_that_code_put_there(cases: list[Case], trick: str) -> None:
    def forged(case: Case) -> bool:
        markers = {str(one.marker) for one in case.answer.citations}
        outside = case.answer.text
        for text in case.texts:
            outside = outside.replace(text, "", 1)
        return (
            any(ANY_MARKER.search(plain(text)) for text in case.texts)
            or not set(re.findall(r"\d+", outside)) <= markers
        )

    wrong = [case for case in cases if case.trick == trick and not case.answer.abstained and forged(case)]
    assert not wrong, told(wrong)


# --- Statements


def test_every_word_of_an_answer_lies_in_a_statement_with_a_state(cases: list[Case]) -> None:
    def rest(case: Case) -> str:
        text = case.answer.text
        for one in reversed(case.answer.statements):
            text = text[: one.start] + text[one.end :]
        return re.sub(r"\[\d+\]|\s", "", text)

    wrong = [case for case in cases if not case.answer.abstained and rest(case)]
    assert not wrong, told(wrong)


def test_an_abstention_has_no_statements_and_none_of_the_models_words(cases: list[Case]) -> None:
    abstained = [case for case in cases if case.answer.abstained]

    assert abstained
    wrong = [case for case in abstained if case.answer.statements or case.answer.text != case.answer.abstained]
    wrong += [
        case for case in abstained if not case.answer.note and any(case.answer.text in said for said in case.replies)
    ]
    assert not wrong, told(wrong)


@played
def test_no_number_that_the_cited_words_lack_is_left_unmarked(cases: list[Case], trick: str) -> None:
    def unmarked(case: Case) -> bool:
        return any(
            one.state in TRUSTED
            and not case.has_finding(one)
            and not numbers(text) <= numbers(" ".join(citation.quote for citation in case.citations(one)))
            for one, text in zip(case.answer.statements, case.texts, strict=True)
        )

    wrong = [case for case in cases if case.trick == trick and unmarked(case)]
    assert not wrong, told(wrong)


@played
def test_no_invented_quotation_stands_in_a_statement_that_is_trusted(cases: list[Case], trick: str) -> None:
    def invented(case: Case) -> bool:
        sources = " ".join(fold(article.text).text for article in case.articles.values())
        trusted = [
            text
            for one, text in zip(case.answer.statements, case.texts, strict=True)
            if one.state in TRUSTED and not case.has_finding(one)
        ]
        quoted = (
            words for text in trusted for words in re.findall(r"[“\"]([^“”\"]+)[”\"]", text) if len(words.split()) > 2
        )
        return any(fold(words).text.strip(" ,.;:!?…'") not in sources for words in quoted)

    wrong = [case for case in cases if case.trick == trick and invented(case)]
    assert not wrong, told(wrong)


@played
def test_what_is_trusted_has_a_citation(cases: list[Case], trick: str) -> None:
    mine = [case for case in cases if case.trick == trick]

    wrong = [
        case for case in mine for one in case.answer.statements if one.state in TRUSTED and not case.citations(one)
    ]
    assert not wrong, told(wrong)


# The tricks that turn the sense of a sentence that they cite, where the sense can be told by its wording.
TURNED: dict[str, Callable[[str, str], bool]] = {
    "adds not": lambda text, cited: " not " in text and text.replace(" not ", " ", 1) in cited,
    "changes units": lambda text, cited: any(word in text and word not in cited for word in ("billion", "euros", "€")),
}


@pytest.mark.parametrize("trick", TURNED)
def test_a_turned_sentence_is_never_verified(cases: list[Case], trick: str) -> None:
    def verified(case: Case) -> bool:
        return any(
            one.state is StatementState.VERIFIED
            and TURNED[trick](text, " ".join(citation.quote for citation in case.citations(one)))
            for one, text in zip(case.answer.statements, case.texts, strict=True)
        )

    wrong = [case for case in cases if case.trick == trick and verified(case)]
    assert not wrong, told(wrong)


# --- Questions that the articles do not answer


def test_no_unanswerable_question_gets_an_answer_without_a_mark(cases: list[Case]) -> None:
    def unmarked(answer: Answer) -> bool:
        return (
            not answer.abstained and not answer.doubt and any(one.state not in UNSUPPORTED for one in answer.statements)
        )

    asked = [case for case in cases if not case.question["answerable"]]
    wrong = [case for case in asked if unmarked(case.answer) or not (case.answer.abstained or case.answer.statements)]

    assert len(asked) > 50
    assert not wrong, told(wrong)


# --- What travels on


def test_every_answer_can_be_written_as_json(cases: list[Case]) -> None:
    for case in cases:
        assert json.loads(json.dumps(answer_json(case.answer)))["text"] == case.answer.text
