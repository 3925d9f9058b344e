"""Who says so, which words keep short of a fact, and when a statement turns a report into a fact."""

from __future__ import annotations

from pathlib import Path

import pytest
from growth import growth
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles import make_article
from assistant.checks.attribution import HedgeKind, attribution_of, attributions, hedges, lost, second_hand
from assistant.types import Article, Kind, Span

SEED = Path(__file__).parents[2] / "shared" / "seed" / "000_8078960195baae82.txt"
LEAD = "The harbour bridge at Port Haldane will be closed for repairs that take nine weeks, and the ferries will run late.\n\n"


def article(text: str, language: str = "en") -> Article:
    return make_article(text if text.startswith("President") else LEAD + text, language=language)


def said_by(text: str, words: str = "", language: str = "en") -> str | None:
    """The attribution of `words`, or of all the text under the lead."""
    whole = article(text, language)
    start = whole.text.index(words or text)
    return attribution_of(whole, Span(whole.id, start, start + len(words or text)))


# --- Who says so ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The pier was sold in May, according to the land register.", "according to the land register"),
        ("According to Town Hall, planners will now work on a second bridge.", "according to Town Hall"),
        ("According to Dr. Ada Holm, the fish are back.", "according to Dr. Ada Holm"),
        ("The cranes were sold for scrap, citing the log, the paper added.", "citing the log"),
        ("Rats reportedly ate the cables.", "reportedly"),
        ("The owners are said to be looking for a buyer.", "are said to"),
        ("The bridge is safe, Mina Holt said on Monday.", "Mina Holt said"),
        ("The bridge is safe, the harbour authority said.", "the harbour authority said"),
        (
            "The bridge is safe, said two engineers who asked not to be named.",
            "two engineers who asked not to be named said",
        ),
        ("Mina Holt, the harbour master, said the bridge was safe.", "Mina Holt, the harbour master, said"),
        (
            "The captain, Ada Brandt, was asleep when the order was given, said two sailors who spoke in private.",
            "two sailors who spoke in private said",
        ),
        ("The firm has told its bank in a letter that the money is gone.", "the firm told its bank in a letter"),
        ("The report says the form was never signed.", "the report says"),
        ("A survey of 900 readers found that few of them comment.", "found"),
        ("Aldane Works, the owner, put the loss at $64 million.", "Aldane Works put"),
        ("“We will rebuild it,” said Mina Holt, the mayor.", "Mina Holt, the mayor, said"),
        ("The deal was close, with CNN’s Kim Dover noting that nobody had signed.", "Kim Dover of CNN noted"),
        ("Fares will rise, it is understood.", "it is understood"),
        ("The council urged its staff to stay at home and said the bridge was safe.", "The council said"),
        ("The bridge, Mina Holt claims, was never safe.", "Mina Holt claims"),
        ("The report doesn't say who signed the form.", None),
        ("The bridge was closed on Monday.", None),
        ("He told them to leave the bridge at once.", None),
        ("The owners could not be reached on Monday.", None),
        ("The claim was settled in March, and the announced cuts were made in April.", None),
    ],
    ids=lambda value: str(value)[:50],
)
def test_the_attribution_of_a_sentence_is_read_from_its_words(text: str, words: str | None) -> None:
    found = said_by(text)
    assert (found is None) if words is None else (found is not None and words in found)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("de", "Laut der Polizei wurde niemand verletzt.", "laut der Polizei"),
        ("de", "Nach Angaben der Feuerwehr brannte das Dach.", "nach Angaben der Feuerwehr"),
        ("de", "Der Minister soll den Brief gelesen haben.", "soll"),
        ("es", "Según la policía, nadie resultó herido.", "según la policía"),
        ("fr", "Selon la mairie, le pont sera fermé.", "selon la mairie"),
    ],
)
def test_other_languages_have_their_own_words_for_it(language: str, text: str, words: str) -> None:
    assert said_by(text, language=language) == words


def test_a_quotation_without_a_speaker_goes_on_from_the_one_before_it() -> None:
    text = '"The bridge is safe," said Mina Holt, the mayor. "Nobody has to worry about it."'
    assert said_by(text, "Nobody has to worry about it.") == "Mina Holt said"


def test_she_is_the_person_who_spoke_last() -> None:
    text = 'Mina Holt, the mayor, opened the bridge. "It is safe," she said.'
    assert said_by(text, '"It is safe," she said.') == "Mina Holt said"


def test_in_a_transcript_he_stays_he() -> None:
    text = "Mina Holt spoke to Ada Brandt.\n\nBrandt: I never met Karl Fell. He said it was over and then he left."
    assert said_by(text, "He said it was over and then he left.") == "he said"


def test_an_apposition_after_a_common_noun_does_not_make_another_name_the_speaker() -> None:
    text = "The Guild has money, though so far, foreign leaders, including in Norway, have said there is no more."
    assert said_by(text, "there is no more") == "foreign leaders said"


def test_the_half_of_a_sentence_that_nobody_else_says_has_no_attribution() -> None:
    text = "The bridge was closed on Monday, and two engineers said it would stay closed for nine weeks."
    assert said_by(text, "The bridge was closed on Monday") is None
    assert said_by(text, "it would stay closed for nine weeks") == "two engineers said"


def test_of_two_attributions_the_one_that_covers_the_words_counts() -> None:
    text = 'Holt, who has warned that the bridge would be "a trap", told the council it was "open" to traffic.'
    assert said_by(text, 'it was "open" to traffic') == "Holt told the council"


def test_a_comment_is_said_by_a_reader() -> None:
    whole = make_article(
        LEAD + "The work begins in May and will be over in July.\n\n1 Comment\nThe bridge is fine.\nReplyDelete"
    )
    start = whole.text.index("The bridge is fine.")
    assert attribution_of(whole, Span(whole.id, start, start + 19)) == "a reader commented"


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not here")
@pytest.mark.parametrize(
    ("words", "attribution"),
    [
        ("Trump reportedly stepped away", "reportedly"),
        ("Trump seemed to be “checking in”", "Kimberly Dozier of CNN noted"),
        ("planning teams from the “coalition of the willing”", "according to Downing Street"),
        ("they are considering stronger security commitments", "reports suggesting"),
        ("It was one of the rare moments of visible unity", None),
    ],
)
def test_the_seed_article_says_who_says_so(words: str, attribution: str | None) -> None:
    whole = make_article(SEED.read_text(encoding="utf-8"))
    start = whole.text.index(words)
    assert attribution_of(whole, Span(whole.id, start, start + len(words))) == attribution


# --- Hedges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rats reportedly ate the cables.", [("reportedly", "report")]),
        ("He allegedly lied.", [("allegedly", "report")]),
        ("They are said to be rich.", [("are said to", "report")]),
        ("Reports suggesting a sale were denied.", [("Reports suggesting", "report")]),
        ("Rumours of a sale went round.", [("Rumours", "report")]),
        ("The law may pass.", [("may", "possibility")]),
        ("The law might pass.", [("might", "possibility")]),
        ("It could rain.", [("could", "possibility")]),
        ("The firm appears to be broke.", [("appears to", "possibility")]),
        ("The log suggests a turn to port.", [("suggests", "possibility")]),
        ("They are considering a second bridge.", [("are considering", "plan")]),
        ("He considered closing it for good.", [("considered", "plan")]),
        ("The town plans to build a bridge.", [("plans to", "plan")]),
        ("Delegates are due at the Pentagon.", [("are due at", "plan")]),
        ("It is unclear who signed.", [("unclear", "doubt")]),
        ("If confirmed, it would be the first.", [("If confirmed", "doubt")]),
        ("The report could not be verified.", [("could not be verified", "doubt")]),
        ("He is expected to resign.", [("is expected to", "expectation")]),
        ("Delegates are expected later this week.", [("are expected", "expectation")]),
        ("She was born in May 1970.", []),
        ("The delay was due to fog.", []),
        ("She appeared in court.", []),
        ("He could not be reached.", []),
        ("The bridge was closed on Monday.", []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_hedges_are_found_and_named(text: str, found: list[tuple[str, str]]) -> None:
    hedged = hedges(text)
    assert [(hedge.words, hedge.kind.value) for hedge in hedged] == found
    assert all(text[hedge.start : hedge.end] == hedge.words for hedge in hedged)


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("de", "Der Minister soll gegangen sein.", [HedgeKind.REPORT]),
        ("de", "Das könnte angeblich gelingen.", [HedgeKind.POSSIBILITY, HedgeKind.REPORT]),
        ("es", "Al parecer, el ladrón podría haber huido.", [HedgeKind.REPORT, HedgeKind.POSSIBILITY]),
        ("fr", "Il aurait quitté la ville.", [HedgeKind.REPORT]),
        ("xx", "He may leave.", [HedgeKind.POSSIBILITY]),
    ],
)
def test_hedges_are_read_in_the_language_of_the_article(language: str, text: str, kinds: list[HedgeKind]) -> None:
    assert [hedge.kind for hedge in hedges(text, language)] == kinds


# --- What a statement dropped -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "source", "kind", "words"),
    [
        ("Rats ate the cables.", "Rats reportedly ate the cables.", Kind.HEDGE, "reportedly"),
        ("The law ends the strike.", "The law may end the strike.", Kind.HEDGE, "may"),
        ("The firm is broke.", "The firm appears to be broke.", Kind.HEDGE, "appears to"),
        ("The thief is in Madrid.", "Unconfirmed reports say the thief is in Madrid.", Kind.HEDGE, "Unconfirmed"),
        ("The bridge is safe.", "The bridge is safe, Mina Holt said.", Kind.ATTRIBUTION, "said"),
        (
            "The bridge is safe.",
            "According to Mina Holt, the bridge is safe.",
            Kind.ATTRIBUTION,
            "According to Mina Holt",
        ),
        ("The form was never signed.", "The report says the form was never signed.", Kind.ATTRIBUTION, "says"),
        (
            "The captain ordered the turn.",
            "The captain herself ordered the turn, the company has told its insurers in a note.",
            Kind.ATTRIBUTION,
            "has told",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_report_that_becomes_a_fact_is_a_difference(statement: str, source: str, kind: Kind, words: str) -> None:
    differences = lost(statement, source)
    assert (kind, words) in [(difference.kind, difference.in_source) for difference in differences]
    for difference in differences:
        assert statement[difference.start : difference.end] == difference.in_claim
        assert source[difference.source_start : difference.source_end] == difference.in_source
        assert difference.note.endswith(".")


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Rats allegedly ate the cables.", "Rats reportedly ate the cables."),
        ("Rats ate the cables, the firm said.", "Rats reportedly ate the cables."),
        ("The law could end the strike.", "The law may end the strike."),
        ("According to the mayor, the bridge is safe.", "The bridge is safe, Mina Holt said."),
        ("The bridge is said to be safe.", "The bridge is safe, Mina Holt said."),
        ("He will resign on Monday.", "He is expected to resign on Monday."),
        ("The firm lost $5m in March.", "The firm, which may move to Ohio, lost $5m in March."),
        (
            "Such unity has been rare.",
            "Such unity among the members has been rare, and two officials said it had been the point of the journey.",
        ),
        ("The bridge was closed on Monday.", "The bridge was closed on Monday."),
        ("The bridge was closed.", "He told the crew to leave before the bridge was closed."),
        ("A fisherman was hurt.", "According to the mayor, taxes rise."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_nothing_is_lost_where_the_statement_keeps_it_or_says_something_else(statement: str, source: str) -> None:
    assert lost(statement, source) == ()


@pytest.mark.parametrize(
    ("statement", "source", "told", "planned"),
    [
        (
            "Leaders agreed stronger commitments.",
            "Leaders are considering stronger commitments, reports suggest.",
            "agreed",
            "are considering",
        ),
        (
            "Admiral Holm confirmed Britain's readiness.",
            "Admiral Holm is expected to confirm Britain's readiness.",
            "confirmed",
            "is expected to",
        ),
        ("Delegates met at the Pentagon.", "Delegates will meet at the Pentagon this week.", "met", "will"),
        ("The town has built a bridge.", "The town plans to build a bridge.", "built", "plans to"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_plan_told_as_done_comes_first_and_names_the_deed(
    statement: str, source: str, told: str, planned: str
) -> None:
    first = lost(statement, source)[0]
    assert (first.kind, first.in_claim, first.in_source) == (Kind.HEDGE, told, planned)
    assert "not done" in first.note


def test_a_future_that_stays_a_future_is_not_lost() -> None:
    assert lost("Delegates will meet at the Pentagon.", "Delegates will meet at the Pentagon this week.") == ()


# --- The source behind the source -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "The turn was ordered by the mate, according to pages of the log seen by the Harbour Courier.",
            "seen by the Harbour Courier",
        ),
        ("The paper, citing two officials, says the deal is off.", "citing two officials"),
        ("Local media reported that the bridge had fallen.", "Local media reported"),
        ("Two officials told CNN the deal was off.", "officials told CNN"),
        ("The deal is off, as first reported by the Kestrel Daily.", "reported by the Kestrel Daily"),
        ("A note described to Kestrel Business Daily by two people says so.", "described to Kestrel Business Daily"),
        ("He said so in an interview with Reuters.", "in an interview with Reuters"),
        ("While Holt told Brandt it was open, the gate was shut.", None),
        ("The mayor said the bridge was safe.", None),
        ("The bridge was closed on Monday.", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_source_behind_the_source_is_named(text: str, words: str | None) -> None:
    found = second_hand(text)
    assert (found is None) if words is None else (found is not None and words in found and found in text)


# --- Any text ---------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        "said",
        "told",
        '"',
        "“",
        "”",
        ",",
        ".",
        " ",
        "\n\n",
        "according to",
        "Mina Holt",
        "reportedly",
        "may",
        "will",
        "who",
        "🙂",
        "é",
    ]
)
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map(" ".join))


@given(_TEXTS, _TEXTS, st.sampled_from(["en", "de", "es", "fr", None]))
def test_no_text_makes_it_raise_and_every_offset_is_exact(statement: str, source: str, language: str | None) -> None:
    assert all(source[hedge.start : hedge.end] == hedge.words for hedge in hedges(source, language))
    assert all(0 <= cue.start <= cue.end <= len(source) for cue in attributions(source, language))
    for difference in lost(statement, source, language):
        assert statement[difference.start : difference.end] == difference.in_claim
        assert source[difference.source_start : difference.source_end] == difference.in_source
    second_hand(source)


@given(_TEXTS, st.integers(-5, 300), st.integers(-5, 300))
def test_any_span_of_any_article_has_an_answer(text: str, start: int, end: int) -> None:
    whole = Article("a", text)
    assert attribution_of(whole, Span("a", start, end)) is None or text.strip()


@pytest.mark.parametrize(
    "piece", ["a", " ", '"', "said ", ", said ", "according to ", "told A ", "Ab ", "may be ", "., ", "\n"]
)
def test_four_times_as_many_characters_of_one_kind_take_no_more_than_eight_times_as_long(piece: str) -> None:
    def read(text: str) -> None:
        hedges(text)
        second_hand(text)
        lost("The bridge is safe.", text)

    assert growth(read, piece) < 8
