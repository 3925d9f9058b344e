"""`Assistant` from articles to answers: what it refuses, what it cites, and that every way of asking gives the same answer.

The sample corpus is embedded with the real model, once. The chat path talks to a server on this machine that lies on demand.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fake_server import INVENTED, FakeServer
from samples import sentences, write_articles

from assistant import Assistant
from assistant.errors import BadQuestion, EmptyLibrary, ExitCode, UnknownArticle
from assistant.types import (
    Answer,
    AnswerEvent,
    DeltaEvent,
    Filters,
    Match,
    StageEvent,
    StreamEvent,
    Turn,
    Zone,
)

SEED = Path(__file__).parents[2] / "shared" / "seed"
LEADERS = "Which national leaders travelled to Washington with Zelensky?"
MakeAssistant = Callable[..., Assistant]


def assert_exact(assistant: Assistant, answer: Answer) -> None:
    """Every shown citation is its article's own characters at its own place."""
    for citation in answer.citations:
        assert citation.status in (Match.VERIFIED, Match.NORMALISED)
        assert assistant.article(citation.span.article_id).quote(citation.span) == citation.quote
        assert 0 <= citation.answer_start < citation.answer_end <= len(answer.text)
        assert f"[{citation.marker}]" in answer.text


# --- Answers


def test_an_answer_cites_the_words_it_rests_on(sample_assistant: Assistant) -> None:
    answer = sample_assistant.ask(LEADERS)

    assert answer.abstained is None
    assert "white-house-ukraine-talks" in {citation.article.source_id for citation in answer.citations}
    assert_exact(sample_assistant, answer)
    assert answer.provenance["answerer"] == "extractive"
    assert set(answer.timings) >= {"retrieve", "rerank", "answer", "resolve", "gates", "verify", "total"}


def test_what_the_library_does_not_answer_is_one_sentence_without_citation(sample_assistant: Assistant) -> None:
    answer = sample_assistant.ask("Who won the election in Norway?")

    assert answer.abstained
    assert (answer.text, answer.citations, answer.rejected) == (answer.abstained, (), ())


@pytest.mark.parametrize(
    "question",
    [
        "Qui a gagné les élections en Norvège ?",
        "谁警告了北约部队?",
        "من حذر من قوات الناتو؟",
        "Wer hat vor NATO-Truppen in der Ukraine gewarnt?",
        "who 😀 \ud800 warned?",
        'NEAR("a" b) AND title:x* OR ^who -not',
        "a " * 1900,
        "Macron " * 500,
        "1 2 3 4 5",
        "\u202ewho warned\u202c",
    ],
    ids=[
        "French",
        "Chinese",
        "Arabic",
        "German",
        "emoji",
        "operators",
        "stop words",
        "repeats",
        "numbers",
        "right-to-left",
    ],
)
def test_any_question_gets_an_exact_answer_or_an_honest_sentence(sample_assistant: Assistant, question: str) -> None:
    answer = sample_assistant.ask(question)

    assert answer.text.strip()
    assert bool(answer.abstained) != bool(answer.citations)
    assert_exact(sample_assistant, answer)


def test_a_follow_up_is_searched_with_what_it_leaves_out(sample_assistant: Assistant) -> None:
    first = sample_assistant.ask("How did the strike at Voltmark end?")
    answer = sample_assistant.ask("And when did it end?", history=[Turn(first.question, first.text)])

    assert "Voltmark" in answer.search_question
    assert answer.question == "And when did it end?"
    assert_exact(sample_assistant, answer)


@pytest.mark.parametrize(
    ("first", "question", "said"),
    [
        ("Which ferry ran aground off Port Haldane?", "How many passengers did it carry?", "214"),
        ("What was stolen from the Arrabal Museum?", "What is it insured for?", "1.2 million"),
        ("Who mediated the Voltmark deal?", "What did he say about the librarian?", "librarian"),
        ("How did the strike at Voltmark end?", "And what happens to the night premium?", "16%"),
        ("What do the carbon tanks in Alderbrook cost?", "Did they stay under the budget?", "under the budget"),
    ],
)
def test_a_follow_up_is_answered_and_not_the_question_before_it_once_more(
    sample_assistant: Assistant, first: str, question: str, said: str
) -> None:
    answer = sample_assistant.ask(question, history=[Turn(first, "")])

    assert said in answer.text
    assert_exact(sample_assistant, answer)


# --- Refusals


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "?!…", "\u200b", "\ud800", "\x00"], ids=ascii)
def test_a_question_without_a_word_is_refused_with_an_example(sample_assistant: Assistant, question: str) -> None:
    with pytest.raises(BadQuestion, match="question is empty") as error:
        sample_assistant.ask(question)
    assert error.value.hint
    assert error.value.exit_code == ExitCode.WRONG_USE


def test_a_question_of_a_hundred_kilobytes_is_refused(sample_assistant: Assistant) -> None:
    with pytest.raises(BadQuestion, match="100,000 characters; 4,000 is the most"):
        sample_assistant.ask("x" * 100_000)


def test_a_stream_refuses_before_its_first_event(sample_assistant: Assistant) -> None:
    with pytest.raises(BadQuestion):
        sample_assistant.stream("")


@pytest.mark.parametrize("made", [False, True], ids=["no library", "library without articles"])
def test_without_articles_the_command_that_adds_some_is_named(quick_assistant: MakeAssistant, made: bool) -> None:
    assistant = quick_assistant()
    if made:
        assistant.library.hold()

    for ask in (assistant.ask, assistant.retrieve):
        with pytest.raises(EmptyLibrary, match="assistant ingest"):
            ask("Who warned about the troops?")


def test_asking_makes_no_library(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    with pytest.raises(EmptyLibrary):
        quick_assistant().ask("Who warned about the troops?")
    assert not (tmp_path / "home").exists()


# --- Four ways to ask


def gist(answer: Answer) -> tuple[object, ...]:
    """An answer without what differs from run to run."""
    return answer.text, answer.citations, answer.rejected, answer.abstained, answer.hits, answer.search_question


def kinds(events: list[StreamEvent]) -> list[str]:
    """The kinds of the events in order, repeats once."""
    names = [type(event).__name__ for event in events]
    return [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]


@pytest.mark.parametrize("question", [LEADERS, "Who won the election in Norway?"], ids=["answer", "abstention"])
async def test_all_four_ways_to_ask_give_one_answer(sample_assistant: Assistant, question: str) -> None:
    streamed = list(sample_assistant.stream(question))
    streamed_later = [event async for event in sample_assistant.astream(question)]

    answers = [sample_assistant.ask(question), await sample_assistant.aask(question)]
    answers += [event.answer for event in streamed + streamed_later if isinstance(event, AnswerEvent)]
    assert len(answers) == 4
    assert len({gist(answer) for answer in map(_frozen, answers)}) == 1
    assert kinds(streamed) == kinds(streamed_later)


def _frozen(answer: Answer) -> Answer:
    from dataclasses import replace

    # A hit's parts are a dictionary; as a tuple they can be compared in a set.
    return replace(answer, hits=tuple((hit.passage.id, hit.rank, hit.score) for hit in answer.hits))  # type: ignore[misc]


def test_events_come_in_order_and_the_answer_last(sample_assistant: Assistant) -> None:
    events = list(sample_assistant.stream(LEADERS))

    assert isinstance(events[0], StageEvent)
    assert "passage" in events[0].detail
    assert [type(event) for event in events].count(AnswerEvent) == 1
    assert isinstance(events[-1], AnswerEvent)


def test_many_may_ask_at_once(sample_assistant: Assistant) -> None:
    questions = [LEADERS, "How did the strike at Voltmark end?", "Who won the election in Norway?"]
    alone = [sample_assistant.ask(question).text for question in questions]
    with ThreadPoolExecutor(6) as pool:
        together = [answer.text for answer in pool.map(sample_assistant.ask, questions * 4)]

    assert together == alone * 4


def test_asking_goes_on_while_articles_come_in(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path / "a", [sentences(5, about="lighthouse")]))
    more = write_articles(tmp_path / "b", [sentences(30, about=f"harbour{i}") for i in range(60)])
    ingesting = threading.Thread(target=assistant.ingest, args=(more,))
    ingesting.start()
    answers = []
    while ingesting.is_alive() or not answers:
        answers.append(assistant.ask("What is sentence 3 about the lighthouse?"))
    ingesting.join()

    assert all(answer.citations for answer in answers)
    for answer in answers:
        assert_exact(assistant, answer)
    assert assistant.counts().articles == 61


# --- Filters


def test_an_article_of_a_later_day_is_hidden(sample_assistant: Assistant) -> None:
    question = "How did the strike at Voltmark end?"
    later = sample_assistant.retrieve(question, filters=Filters(as_of=date(2025, 12, 31)))
    earlier = sample_assistant.retrieve(question, filters=Filters(as_of=date(2025, 9, 1)), k=50)

    assert "voltmark-settlement" in published(sample_assistant, later)
    assert all(day is None or day <= date(2025, 9, 2) for day in published(sample_assistant, earlier).values())


def published(assistant: Assistant, hits: Any) -> dict[str | None, date | None]:
    """Source id to date of the hits' articles."""
    articles = [assistant.article(hit.passage.span.article_id) for hit in hits]
    return {article.source_id: article.published for article in articles}


def test_an_answer_keeps_to_the_publisher(sample_assistant: Assistant) -> None:
    for publisher in sample_assistant.publishers():
        answer = sample_assistant.ask("What did Putin say about NATO troops?", filters=Filters(publisher=publisher))
        assert {citation.article.publisher for citation in answer.citations} <= {publisher}


@pytest.mark.parametrize(
    "filters",
    [Filters(publisher="Nobody's Gazette"), Filters(since=date(2099, 1, 1)), Filters(until=date(1900, 1, 1))],
    ids=["publisher", "since", "until"],
)
def test_filters_that_leave_nothing_are_said_to(sample_assistant: Assistant, filters: Filters) -> None:
    answer = sample_assistant.ask(LEADERS, filters=filters)

    assert answer.abstained == "No article passes the filters."
    assert answer.hits == ()


# --- Retrieval, for other programs


def test_retrieve_gives_ranked_passages_with_exact_spans(sample_assistant: Assistant) -> None:
    hits = sample_assistant.retrieve(LEADERS, k=4)

    assert [hit.rank for hit in hits] == [1, 2, 3, 4]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert sample_assistant.article(hit.passage.span.article_id).quote(hit.passage.span) == hit.passage.text


def test_langchain_gets_documents_that_keep_their_span(sample_assistant: Assistant) -> None:
    from langchain_core.retrievers import BaseRetriever

    retriever = sample_assistant.as_retriever(k=3, filters=Filters(as_of=date(2025, 8, 20)))
    documents = retriever.invoke(LEADERS)

    assert isinstance(retriever, BaseRetriever)
    assert [document.metadata["rank"] for document in documents] == [1, 2, 3]
    for document in documents:
        article = sample_assistant.article(document.metadata["article_id"])
        assert article.text[document.metadata["start"] : document.metadata["end"]] == document.page_content
        assert article.published is None or article.published <= date(2025, 8, 21)


async def test_the_retriever_joins_a_langchain_chain(sample_assistant: Assistant) -> None:
    from langchain_core.runnables import RunnableLambda

    chain = sample_assistant.as_retriever(k=2) | RunnableLambda(len)

    assert chain.invoke(LEADERS) == await chain.ainvoke(LEADERS) == 2


# --- Looking around, removing


def test_an_article_is_found_by_id_prefix_and_source_id(sample_assistant: Assistant) -> None:
    article = sample_assistant.article("white-house-ukraine-talks")

    assert sample_assistant.article(article.id) == sample_assistant.article(article.id[:8]) == article
    assert article.publisher in sample_assistant.publishers()


def test_a_removed_article_answers_no_more(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, [sentences(5, about="lighthouse"), sentences(5, about="quarry")]))
    assert assistant.ask("What is the report about the lighthouse?").citations

    assert assistant.remove("a0", "a0") == 1
    assert all("lighthouse" not in c.quote for c in assistant.ask("What is the report about the lighthouse?").citations)
    assert assistant.index.count() == assistant.counts().embedded


def test_nothing_is_removed_when_one_of_the_names_is_unknown(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, [sentences(5)]), embed=False)

    with pytest.raises(UnknownArticle, match="'nobody'"):
        assistant.remove("a0", "nobody")
    assert assistant.counts().articles == 1


def test_a_citation_outlives_the_version_it_rests_on(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, ["The ferry carried 212 passengers on Sunday."]), embed=False)
    before = assistant.ask("How many passengers did the ferry carry?")
    assistant.ingest(write_articles(tmp_path, ["The ferry carried 208 passengers on Sunday."]), embed=False)
    after = assistant.ask("How many passengers did the ferry carry?")

    assert ("212" in before.text, "208" in after.text, "212" in after.text) == (True, True, False)
    assert_exact(assistant, before)


# --- The article that started it


@pytest.fixture(scope="module")
def seed_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    if not SEED.is_dir():
        pytest.skip(f"The seed article is not in {SEED}.")
    with Assistant(tmp_path_factory.mktemp("seed")) as assistant:
        assistant.ingest(SEED)
        yield assistant


def test_the_seed_tells_who_warned(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Who warned that NATO troops on the ground would be unacceptable?")

    assert any(
        "Russia’s leader warned that NATO troops on the ground in Ukraine would be “unacceptable.”" in citation.quote
        for citation in answer.citations
    )
    assert_exact(seed_assistant, answer)


def test_the_seed_tells_how_many_countries(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("How many countries will be represented at the Pentagon?")

    assert any("30 countries" in citation.quote for citation in answer.citations)
    assert_exact(seed_assistant, answer)


def test_the_seeds_readers_are_no_source_of_facts(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("What did readers say about Trump?")

    from_comments = [citation for citation in answer.citations if citation.zone == Zone.COMMENT]
    assert answer.abstained or from_comments == list(answer.citations)


def test_the_seed_knows_nothing_of_norway(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Who won the election in Norway?")

    assert answer.abstained
    assert answer.citations == ()


# --- A chat model writes


@pytest.fixture
def chatting(
    sample_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Answer, list[StreamEvent], FakeServer]]:
    """(the answer, its events, the server) when a chat model in some mode answers from the sample corpus."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1")

    def ask(mode: str = "ok", reply: str | None = None) -> tuple[Answer, list[StreamEvent], FakeServer]:
        with FakeServer(mode, reply) as server:
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            home = sample_assistant.settings.home
            with Assistant(home, answerer="chat", llm="openai:fake-1", llm_timeout_s=20, llm_cache=False) as assistant:
                events = list(assistant.stream(LEADERS))
        assert isinstance(events[-1], AnswerEvent)
        return events[-1].answer, events, server

    return ask


def test_a_models_citation_is_shown_when_code_has_found_it(chatting: Any, sample_assistant: Assistant) -> None:
    answer, _, server = chatting()

    assert len(answer.citations) == 1
    assert answer.rejected == ()
    assert answer.text.endswith("[1]")
    assert (answer.provenance["model"], answer.usage.input_tokens) == ("openai:fake-1", 642)  # condense, answer
    assert LEADERS in server.prompt
    assert_exact(sample_assistant, answer)


def test_a_models_text_streams_before_the_answer(chatting: Any) -> None:
    answer, events, _ = chatting()
    text = "".join(event.text for event in events if isinstance(event, DeltaEvent))

    assert kinds(events) == ["StageEvent", "DeltaEvent", "CitedEvent", "AnswerEvent"]
    assert text.strip() == answer.text.removesuffix("[1]").strip()


def test_an_invented_quotation_is_reported_and_not_shown(chatting: Any) -> None:
    answer, _, _ = chatting("invented_quote")

    assert [citation.status for citation in answer.rejected] == [Match.ABSENT]
    assert INVENTED in answer.rejected[0].quote.lower()
    assert all(INVENTED not in citation.quote.lower() for citation in answer.citations)


def test_an_id_that_was_never_shown_is_reported_and_code_finds_the_source(chatting: Any) -> None:
    answer, _, _ = chatting("unknown_ids")

    assert {citation.status for citation in answer.rejected} == {Match.ABSENT}
    assert all(citation.quote in answer.text for citation in answer.citations)
    assert [statement.attributed for statement in answer.statements] == [True]
    assert "[99" not in answer.text


def test_a_model_may_abstain(chatting: Any) -> None:
    answer, _, _ = chatting("abstain")

    assert answer.abstained
    assert answer.citations == ()


@pytest.mark.parametrize("mode", ["401", "500", "reset", "no_finish_reason", "html", "length"])
def test_when_the_model_fails_the_articles_own_sentences_come_with_a_note(
    chatting: Any, sample_assistant: Assistant, mode: str
) -> None:
    answer, _, _ = chatting(mode)
    extractive = sample_assistant.ask(LEADERS)

    assert answer.note.endswith("These are the articles' own sentences instead.")
    assert (answer.text, answer.citations) == (extractive.text, extractive.citations)
    assert "sk-test-1" not in answer.note


def test_a_chat_model_that_is_not_named_is_a_note_too(sample_assistant: Assistant) -> None:
    with Assistant(sample_assistant.settings.home, answerer="chat") as assistant:
        answer = assistant.ask(LEADERS)

    assert answer.note
    assert answer.citations


# --- What it costs to import


@pytest.mark.parametrize("statement", ["import assistant", "from assistant import Assistant; Assistant('nowhere')"])
def test_importing_the_assistant_imports_no_heavy_library(statement: str) -> None:
    heavy = [
        "langchain",
        "langchain_core",
        "chromadb",
        "gradio",
        "onnxruntime",
        "openai",
        "trafilatura",
        "numpy",
        "rich",
    ]
    program = f"{statement}\nimport sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_asyncio_is_not_blocked_while_an_answer_is_made(sample_assistant: Assistant) -> None:
    async def ticks_during_an_answer() -> int:
        answering = asyncio.create_task(sample_assistant.aask(LEADERS))
        ticks = 0
        while not answering.done():
            ticks += 1
            await asyncio.sleep(0)
        return ticks

    assert asyncio.run(ticks_during_an_answer()) > 1
