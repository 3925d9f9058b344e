"""What the gates find between an answer's statements and the words they cite: marked, placed exactly, and nothing changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from fake_server import FakeServer
from growth import growth_by_number
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.answer_gates import findings
from assistant.articles import make_article
from assistant.chunking import zone_at
from assistant.cli.answers import _print_answer
from assistant.library import facts_of
from assistant.render import answer_json, finding_words
from assistant.types import Answer, Article, Citation, Difference, Kind, Match, Span, Status, Zone

TUESDAY = "Leaders of 30 countries met at the Pentagon on Tuesday."
TALKS = f"{TUESDAY} The talks lasted two hours, and no paper was signed."
SHIPS = "The company has reportedly sold 40 ships to Denmark."
MILL = "The mill may close in May, according to the union."
MEDICS = "The city agreed to send medics, but not to send troops. It borrows nothing."
DAM = "They falsely claimed that the dam of Orrin broke on Monday."


def cited(article: Article, *statements: tuple[str, ...], marker: int = 1) -> Answer:
    """An answer whose statements rest on these quotes: cited(article, ("What it says.", "a quote", "another"))."""
    text, citations = "", []
    for statement, *quotes in statements:
        text += " " if text else ""
        start, end = len(text), len(text) + len(statement)
        text += statement
        for quote in quotes:
            at = article.text.index(quote)
            span, zone = Span(article.id, at, at + len(quote)), zone_at(article, at, at + len(quote))
            number = len(citations) + marker
            citations.append(Citation(number, span, quote, facts_of(article), zone, start, end, Match.VERIFIED))
            text += f" [{number}]"
    return Answer("What?", text, tuple(citations))


def found_in(article: Article, *statements: tuple[str, ...]) -> tuple[Difference, ...]:
    """The findings; each one's words stand where it says, in the answer and in the article."""
    answer = cited(article, *statements)
    found = findings(answer, {article.id: article})
    for one in found:
        assert answer.text[one.start : one.end] == one.in_claim
        assert article.text[one.source_start : one.source_end] == one.in_source
        assert one.article_id == article.id
        assert one.note
    return found


def shown(found: tuple[Difference, ...]) -> list[tuple[Kind, str, str]]:
    return [(one.kind, one.in_claim, one.in_source) for one in found]


# --- Values that no cited words have


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param("Leaders of 31 countries met at the Pentagon.", (Kind.NUMBER, "31", "30"), id="number"),
        pytest.param("More than 30 countries met at the Pentagon.", (Kind.BOUND, "More than 30", "30"), id="bound"),
        pytest.param("30 leaders met on Wednesday.", (Kind.DATE, "Wednesday", "Tuesday"), id="weekday"),
        pytest.param("30 leaders met on 12 August 2025.", (Kind.DATE, "12 August 2025", "Tuesday"), id="date"),
        pytest.param("30 leaders met at the Kremlin.", (Kind.NAME, "Kremlin", "Pentagon"), id="name"),
    ],
)
def test_a_value_that_no_cited_words_have_is_marked_with_the_nearest_one(
    statement: str, expected: tuple[Kind, str, str]
) -> None:
    article = make_article(TALKS, published=date(2025, 8, 20))
    assert expected in shown(found_in(article, (statement, TUESDAY)))


@pytest.mark.parametrize(
    "statement",
    [
        TUESDAY,
        "On Tuesday the leaders of 30 countries met.",
        "On 19 August 2025 thirty countries met at the Pentagon.",
        "The Daily Courier says that 30 countries met.",
        "At the Pentagon, leaders of 30 countries met for two hours.",
    ],
)
def test_a_value_that_the_citations_have_in_other_words_is_not_marked(statement: str) -> None:
    article = make_article(TALKS, published=date(2025, 8, 20), publisher="The Daily Courier")
    second = "The talks lasted two hours, and no paper was signed."
    assert found_in(article, (statement, TUESDAY, second)) == ()


def test_a_value_of_the_article_that_is_not_cited_is_marked() -> None:
    article = make_article(TALKS)
    assert [one.in_claim for one in found_in(article, ("30 leaders met for two hours.", TUESDAY))] == ["two hours"]


def test_a_value_with_nothing_comparable_has_an_empty_source_at_the_citation() -> None:
    article = make_article(f"It rained. {TUESDAY}")
    (one,) = found_in(article, ("30 leaders met at the Pentagon on Tuesday and drank 5 litres.", TUESDAY))
    assert (one.in_claim, one.in_source, one.source_start, one.source_end) == ("5 litres", "", 11, 11)


@pytest.mark.parametrize(
    ("statement", "marked"),
    [
        pytest.param("Zelensky wore a black suit.", [], id="the-subject-before"),
        pytest.param("Vance wore a black suit.", ["Vance"], id="somebody-else"),
    ],
)
def test_a_name_may_stand_for_a_pronoun_of_the_cited_words(statement: str, marked: list[str]) -> None:
    article = make_article("Volodymyr Zelensky arrived in Washington. He wore a black suit.")
    assert [one.in_claim for one in found_in(article, (statement, "He wore a black suit."))] == marked


REEF = """Brandl steered the Morwenna on to the reef while the captain slept, the log says.

The ferry Morwenna left Port Haldane on Friday, 14 March 2025, under Captain Ingrid Solheim. Nobody was hurt on the ferry.

It left the pier at 18:40 and struck the reef at 19:22. The second officer, Tomas Brandl, steered the ship.

The captain was in her cabin. Both men from Norway and one diver were questioned. Eleven lamps were lit and five went out."""


@pytest.mark.parametrize(
    ("statement", "quote", "marked"),
    [
        pytest.param("The Morwenna struck the reef at 19:22.", "It left the pier", [], id="for-a-pronoun"),
        pytest.param("Captain Ingrid Solheim was in her cabin.", "The captain was", [], id="for-a-title"),
        pytest.param(
            "Ingrid Solheim steered the ship.", "The second officer", ["Ingrid Solheim"], id="another-subject"
        ),
        pytest.param(
            "The ship was steered by Ingrid Solheim.", "The second officer", ["Ingrid Solheim"], id="another-agent"
        ),
        pytest.param("Both men from Denmark were questioned.", "Both men", ["Denmark"], id="another-country"),
        pytest.param("Ottoline Marsh was in her cabin.", "The captain was", ["Ottoline Marsh"], id="a-stranger"),
        pytest.param(
            "Ingrid Solheim said she was in her cabin.", "The captain was", ["Ingrid Solheim"], id="a-speaker"
        ),
        pytest.param(
            "On 14 March 2025 the ferry Morwenna left the pier and struck the reef.", "It left the pier", [], id="day"
        ),
        pytest.param("On Monday the ferry struck the reef.", "It left the pier", ["Monday"], id="another-day"),
        pytest.param("It struck the reef 42 minutes later.", "It left the pier", [], id="between-two-times"),
        pytest.param("It struck the reef 43 minutes later.", "It left the pier", ["43 minutes"], id="wrong-minutes"),
        pytest.param("More than twice as many were lit.", "Eleven lamps", [], id="a-ratio"),
        pytest.param(
            "More than three times as many were lit.", "Eleven lamps", ["More than three times"], id="no-ratio"
        ),
    ],
)
def test_what_stands_beside_the_cited_words_may_fill_in_but_not_take_the_place_of_anything(
    statement: str, quote: str, marked: list[str]
) -> None:
    article = make_article(REEF, title="The Morwenna on the reef", published=date(2025, 3, 15))
    at = article.text.index(quote)
    sentence = article.text[at : article.text.index(".", at) + 1]
    found = [one for one in found_in(article, (statement, sentence)) if one.kind in _VALUES]
    assert [one.in_claim for one in found] == marked


_VALUES = (Kind.NAME, Kind.DATE, Kind.NUMBER, Kind.BOUND, Kind.UNIT)


def test_a_name_in_the_place_of_another_one_is_marked_though_both_are_kept() -> None:
    cited_words = "Brandl ordered the turn while the captain was in her cabin."
    article = make_article(f"The captain, Ingrid Solheim, slept in her cabin. {cited_words}")
    turned = "Solheim ordered the turn while Brandl was in her cabin."
    kept = "Brandl ordered the turn while Captain Solheim was in her cabin."
    assert [one.in_claim for one in found_in(article, (turned, cited_words))] == ["Solheim"]
    assert found_in(article, (kept, cited_words)) == ()


@pytest.mark.parametrize(
    ("statement", "marked"),
    [
        pytest.param("The Ledger reported this in March 2025.", [], id="month-of-the-report"),
        pytest.param("The Ledger reported this in May 2025.", ["May 2025"], id="another-month"),
        pytest.param("This happened in March 2025.", ["March 2025"], id="no-report"),
    ],
)
def test_the_day_of_a_report_is_that_of_its_article(statement: str, marked: list[str]) -> None:
    notice = "Notice, 2 April 2025: this report is retracted."
    article = make_article(f"The mill is sold.\n\n{notice}", published=date(2025, 3, 20), publisher="The Ledger")
    found = found_in(article, (statement, notice))
    assert [one.in_claim for one in found if one.kind is Kind.DATE] == marked


def test_what_one_statement_lacks_another_ones_citation_does_not_give() -> None:
    article = make_article(f"{TUESDAY} The mill has 12 wells.")
    found = found_in(article, ("30 leaders met.", TUESDAY), ("30 wells belong to the mill.", "The mill has 12 wells."))
    assert shown(found) == [(Kind.NUMBER, "30", "12")]


# --- Attributions and hedges that were dropped


@pytest.mark.parametrize(
    ("text", "statement", "expected"),
    [
        pytest.param(SHIPS, "The company has sold 40 ships to Denmark.", [(Kind.HEDGE, "reportedly")], id="reportedly"),
        pytest.param(
            MILL,
            "The mill closes in May.",
            [(Kind.ATTRIBUTION, "according to the union"), (Kind.HEDGE, "may")],
            id="both",
        ),
        pytest.param(SHIPS, "The company has sold 40 ships to Denmark, it is reported.", [], id="kept-in-other-words"),
        pytest.param(MILL, MILL, [], id="verbatim"),
        pytest.param(
            "The police said that a pump was stolen.",
            "It is not confirmed that a pump was stolen.",
            [],
            id="unconfirmed",
        ),
        pytest.param(
            "State investigators reported that a laundry is the source.",
            "State investigators consider a laundry the source.",
            [],
            id="what-the-speaker-thinks",
        ),
        pytest.param(
            "State investigators reported that a laundry is the source.",
            "A laundry is the source, and the mayor considers it closed.",
            [(Kind.ATTRIBUTION, "reported")],
            id="what-somebody-else-thinks",
        ),
    ],
)
def test_a_report_that_became_a_fact_is_marked(text: str, statement: str, expected: list[tuple[Kind, str]]) -> None:
    found = found_in(make_article(text), (statement, text))
    assert sorted((one.kind, one.in_source) for one in found) == expected
    assert all("the answer states it as a fact" in one.note for one in found)


def test_another_citation_that_asserts_it_takes_the_mark_away() -> None:
    article = make_article(f"{SHIPS}\n\nThe company has sold 40 ships to Denmark.")
    statement = "The company has sold 40 ships to Denmark."
    assert found_in(article, (statement, SHIPS, statement)) == ()


def test_what_the_article_says_elsewhere_on_its_own_account_needs_no_speaker() -> None:
    said = "The line said that 231 passengers were on board."
    elsewhere = make_article(f"{said}\n\nOn board were 231 passengers and a dog.")
    statement = "There were 231 passengers on board."
    assert [one.kind for one in found_in(make_article(said), (statement, said))] == [Kind.ATTRIBUTION]
    assert found_in(elsewhere, (statement, said)) == ()


def test_quoted_words_whose_speaker_is_left_out_are_marked() -> None:
    article = make_article("“It was a mistake,” Mina Holt said. “We are sorry about all of it.”")
    (one,) = found_in(article, ("“We are sorry about all of it.”", "“We are sorry about all of it.”"))
    assert (one.kind, one.in_claim, one.in_source) == (Kind.ATTRIBUTION, "", "“It was a mistake,” Mina Holt said.")
    assert "Mina Holt" in one.note


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([("Holt: “We are sorry.”", "“We are sorry.”")], id="the-answer-names-her"),
        pytest.param(
            [("“It was a mistake,” Mina Holt said.",) * 2, ("“We are sorry.”", "“We are sorry.”")],
            id="the-answer-cites-it",
        ),
    ],
)
def test_quoted_words_whose_speaker_the_answer_gives_are_not_marked(statements: list[tuple[str, ...]]) -> None:
    assert found_in(make_article("“It was a mistake,” Mina Holt said. “We are sorry.”"), *statements) == ()


# --- Words beside a citation that limit it


@pytest.mark.parametrize(
    ("text", "quote", "lacking"),
    [
        pytest.param(MEDICS, "The city agreed to send medics", "but not to send troops.", id="rest-of-the-sentence"),
        pytest.param(
            "The shop closes in June. That is not true, the owner says.",
            "The shop closes in June.",
            "That is not true, the owner says.",
            id="denied-by-the-next",
        ),
        pytest.param(
            "The parks are open. But not all parks can be reached.",
            "The parks are open.",
            "But not all parks can be reached.",
            id="limited-by-the-next",
        ),
    ],
)
def test_a_citation_that_is_cut_off_is_marked_with_the_words_it_lacks(text: str, quote: str, lacking: str) -> None:
    article = make_article(text)
    found = [one for one in found_in(article, (quote, quote)) if one.kind is Kind.CUT]
    assert [(one.in_claim, one.in_source) for one in found] == [(quote, lacking)]
    assert finding_words(found[0])[1] == lacking


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        pytest.param(MEDICS, [("The city sends medics, but no troops.", MEDICS.split(" It")[0])], id="cited-whole"),
        pytest.param(
            "The parks are open. But not all parks can be reached.",
            [("The parks are open.",) * 2, ("But not all parks can be reached.",) * 2],
            id="the-answer-cites-both",
        ),
        pytest.param(
            "Nuggets are on its menu. But it is betting on the young crowd.",
            [("Nuggets are on its menu.",) * 2],
            id="but-turns-to-something-else",
        ),
        pytest.param(
            "The probe flew by Earth. However, the rock was picked by the agency because it poses no danger to Earth.",
            [("The probe flew by Earth.",) * 2],
            id="however-denies-something-else",
        ),
        pytest.param(
            "The bank was founded in 1901. In 2007, however, the owner moved to Skarra.",
            [("The bank was founded in 1901.",) * 2],
            id="however-turns-to-something-else",
        ),
    ],
)
def test_a_citation_that_lacks_nothing_is_not_marked(text: str, statements: list[tuple[str, ...]]) -> None:
    assert Kind.CUT not in {one.kind for one in found_in(make_article(text), *statements)}


# --- Places that decide nothing


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param("The dam of Orrin broke on Monday.", [(Kind.ZONE, "falsely")], id="told-as-a-fact"),
        pytest.param("The claim that the dam of Orrin broke on Monday is false.", [], id="called-false"),
        pytest.param(DAM, [], id="verbatim"),
    ],
)
def test_a_falsehood_that_the_article_repeats_is_marked_unless_the_answer_says_so(
    statement: str, expected: list[tuple[Kind, str]]
) -> None:
    found = found_in(make_article(DAM), (statement, DAM))
    assert [(one.kind, one.in_source) for one in found] == expected


@pytest.mark.parametrize("zone", [Zone.COMMENT, Zone.CAPTION, Zone.BOILERPLATE])
def test_words_from_outside_the_reporting_are_marked(zone: Zone) -> None:
    article = make_article(TUESDAY)
    article = replace(article, sections=tuple(replace(section, zone=zone) for section in article.sections))
    assert shown(found_in(article, (TUESDAY, TUESDAY))) == [(Kind.ZONE, TUESDAY, TUESDAY)]


@pytest.mark.parametrize(
    ("status", "kinds"),
    [(Status.CURRENT, []), (Status.CORRECTED, []), (Status.RETRACTED, [Kind.STATUS]), (Status.SATIRE, [Kind.STATUS])],
)
def test_words_of_a_withdrawn_or_satirical_article_are_marked(status: Status, kinds: list[Kind]) -> None:
    found = found_in(replace(make_article(TUESDAY), status=status), (TUESDAY, TUESDAY))
    assert [one.kind for one in found] == kinds


PLANT = (
    "The plant will cost $3.6 million. The mayor wore a hat. A plant may cost more in time.\n\n"
    "Correction: an earlier version of this article said the plant would cost $36 million; it is $3.6 million."
)


@pytest.mark.parametrize(
    ("quote", "kinds"),
    [
        pytest.param("The plant will cost $3.6 million.", [Kind.STATUS], id="corrected"),
        pytest.param("The mayor wore a hat.", [], id="not-what-was-corrected"),
        pytest.param("A plant may cost more in time.", [], id="common-words-of-the-correction"),
        pytest.param(PLANT.split("\n\n")[1], [], id="the-correction-itself"),
    ],
)
def test_of_a_corrected_article_what_the_correction_is_about_is_marked(quote: str, kinds: list[Kind]) -> None:
    article = make_article(PLANT, status=Status.CORRECTED)
    assert Zone.CORRECTION in {section.zone for section in article.sections}
    assert [one.kind for one in found_in(article, (quote, quote))] == kinds


# --- Any answer


def test_an_abstention_and_a_rejected_citation_have_no_findings() -> None:
    article = make_article(TUESDAY)
    answer = cited(article, ("31 leaders met.", TUESDAY))
    refused = tuple(replace(citation, status=Match.ALTERED) for citation in answer.citations)
    assert findings(replace(answer, citations=(), rejected=refused), {article.id: article}) == ()
    assert findings(Answer("What?", "Nothing is known.", abstained="Nothing is known."), {}) == ()


def test_a_citation_of_an_article_that_is_not_given_is_left_out() -> None:
    assert findings(cited(make_article(TUESDAY), ("31 leaders met.", TUESDAY)), {}) == ()


PIECES = st.sampled_from(
    [
        TUESDAY,
        SHIPS,
        MILL,
        MEDICS,
        DAM,
        "But not he.",
        "“No,” Mina Holt said.",
        "\n\n",
        "\u0301",
        "👩‍👧",
        "x" * 50,
        "5 %",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=6), st.lists(PIECES, max_size=4), st.data())
def test_every_finding_stands_where_it_says(parts: list[str], said: list[str], data: st.DataObject) -> None:
    article = make_article(
        " ".join([TUESDAY, *parts]), status=data.draw(st.sampled_from(Status)), published=date(2025, 8, 20)
    )
    start = data.draw(st.integers(0, max(0, len(article.text) - 1)))
    end = data.draw(st.integers(start, len(article.text)))
    found_in(article, (" ".join(said), article.text[start:end]), (article.text[:40], article.text[:40]))


def test_four_times_the_answer_takes_little_more_than_four_times_the_time() -> None:
    def prepare(n: int) -> tuple[Answer, Article]:
        article = make_article("a " * n + TUESDAY)
        return cited(article, ("b" * 5 * n, TUESDAY), ("“" * n, "a a a")), article

    def check(prepared: tuple[Answer, Article]) -> None:
        answer, article = prepared
        findings(answer, {article.id: article})

    assert growth_by_number(prepare, check, 5_000) < 8


# --- Where they come and go


Told = Callable[..., Answer]


@pytest.fixture
def told(sample_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The answer of a chat model in some mode, or of one that makes its reply from the prompt."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1")

    def ask(question: str, mode: str = "ok", reply: Callable[[str], str] | None = None) -> Answer:
        with FakeServer(mode) as server:
            if reply:
                server.behave = lambda h: h.complete(reply(server.prompt))
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            home = sample_assistant.settings.home
            chat = {
                "answerer": "chat",
                "llm": "openai:fake-1",
                "llm_queries": False,
                "llm_repairs": 0,
                "llm_cache": False,
            }
            with Assistant(home, llm_timeout_s=20, **chat) as assistant:
                return assistant.ask(question)

    return ask


def without_reportedly(prompt: str) -> str:
    """The shown sentence that has the word, without it, with its id."""
    shown = re.search(r"^\[(\d+\.\d+)\] (.* reportedly .*)$", prompt, re.MULTILINE)
    assert shown
    return f"{shown[2].replace(' reportedly', '')} [{shown[1]}]"


def test_a_number_that_a_model_altered_is_marked_and_stays_in_the_text(told: Told) -> None:
    answer = told("Which national leaders travelled to Washington with Zelensky?", "altered_number")
    values = [one for one in answer.findings if one.kind in (Kind.NUMBER, Kind.DATE)]
    assert values
    assert all(answer.text[one.start : one.end] == one.in_claim for one in values)
    assert answer.citations
    assert answer.timings["gates"] >= 0


def test_a_reportedly_that_a_model_dropped_is_marked(told: Told) -> None:
    answer = told("Is Henrik Dahl, the plant manager, leaving for a competitor?", reply=without_reportedly)
    assert "reportedly" not in answer.text
    assert (Kind.HEDGE, "reportedly") in {(one.kind, one.in_source) for one in answer.findings}


def test_a_model_that_repeats_a_sentence_gets_no_mark(told: Told) -> None:
    assert told("Which national leaders travelled to Washington with Zelensky?").findings == ()


def test_the_json_of_an_answer_has_its_findings() -> None:
    article = make_article(TUESDAY)
    answer = cited(article, ("Leaders of 31 countries met at the Pentagon.", TUESDAY))
    answer = replace(answer, findings=findings(answer, {article.id: article}))
    assert answer_json(answer)["findings"] == [
        {
            "kind": "number",
            "in_claim": "31",
            "in_source": "30",
            "start": 11,
            "end": 13,
            "article_id": article.id,
            "source_start": 11,
            "source_end": 13,
            "note": "The source says 30, not 31.",
        }
    ]


def test_the_command_line_prints_each_finding_under_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    article = make_article(MEDICS)
    answer = cited(article, ("The city agreed to send medics.", "The city agreed to send medics"))
    _print_answer(replace(answer, findings=findings(answer, {article.id: article}) * 2))
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Marked: ")]
    assert lines == ["Marked: The rest of the sentence limits the cited words. “but not to send troops.”"]
