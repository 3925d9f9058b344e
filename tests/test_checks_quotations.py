"""How a quotation is looked up: what counts as the same words, who says them, where to look, and what odd input does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from growth import growth_by_number
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.articles import make_article
from assistant.checks import quotations
from assistant.checks.quotations import candidates, check_quotation, normalise_quote
from assistant.checks.speakers import same_person, speaker_of, speech_at
from assistant.checks.wording import align, occurrences, parts_of, seam, tokens_of
from assistant.chunking import split_article
from assistant.errors import WrongUse
from assistant.library import Library
from assistant.types import Article, Kind, QuoteStatus, Span, Zone

HARBOUR = """The harbour bridge will close

The harbour bridge will close for nine weeks, the council said on Monday. "We looked at every pier," said Mara Quist, who runs
the engineering office. "Four of them have cracks. Nobody would sleep well with that."

Tomas Brandl, the mayor, said the town could not wait. "It is not a popular decision," he added, "but it is the right one."

According to the union, 45 jobs depend on the bridge. A spokeswoman for the union, Ada Holm, told reporters that members had
been asked too late."""


def article(text: str = HARBOUR, title: str = "Bridge", published: date | None = None) -> Article:
    return make_article(text, title=title, url=f"https://paper.example/{title}", published=published)


def span_of(one: Article, words: str) -> Span:
    start = one.text.index(words)
    return Span(one.id, start, start + len(words))


# --- Same words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "status"),
    [
        ("Four of them have cracks", QuoteStatus.EXACT),
        ("four of them have cracks!", QuoteStatus.EXACT),
        ("FOUR OF THEM HAVE CRACKS", QuoteStatus.EXACT),
        ("We looked at every pier. Four of them have cracks.", QuoteStatus.EXACT),
        ("We looked ... Four of them have cracks", QuoteStatus.EXACT),
        ("[Engineers] looked at every pier", QuoteStatus.EXACT),
        ("We looked at every pier [sic]", QuoteStatus.EXACT),
        ("Four of them have cracks nobody would sleep well with that", QuoteStatus.ALTERED),
        ("Four of them may have cracks", QuoteStatus.ALTERED),
        ("Four of them have no cracks", QuoteStatus.ALTERED),
        ("Five of them have cracks", QuoteStatus.ALTERED),
        ("them have cracks Four of", QuoteStatus.ALTERED),
        ("Four cracks", QuoteStatus.ABSENT),
        ("It is not a popular decision", QuoteStatus.CUT),
        ("a popular decision", QuoteStatus.CUT),
        ("It is ... a popular decision", QuoteStatus.CUT),
    ],
)
def test_only_typography_capitals_and_marked_omissions_leave_a_quotation_exact(quote: str, status: QuoteStatus) -> None:
    found = check_quotation(quote, [article()])
    assert found.status is status, found.why


def test_omissions_do_not_join_two_paragraphs() -> None:
    assert check_quotation("We looked at every pier ... It is not a popular decision", [article()]).status is not (
        QuoteStatus.EXACT
    )


def test_a_difference_counts_in_the_quotation_and_in_the_article() -> None:
    one = article()
    (difference,) = check_quotation("According to the union, 54 jobs depend on the bridge", [one]).differences
    assert (difference.kind, difference.start, difference.end) == (Kind.NUMBER, 24, 26)
    assert one.text[difference.source_start : difference.source_end] == difference.in_source == "45"
    assert difference.note == 'The source says "45", not "54".'


def test_a_missing_not_is_named_with_its_place() -> None:
    one = article("The bridge is safe today. The bridge is certainly not safe for heavy lorries, the council said.")
    (difference,) = check_quotation("The bridge is certainly safe for heavy lorries", [one]).differences
    assert difference.kind is Kind.NEGATION
    assert difference.note == 'The source has "not" here.'
    assert (difference.in_claim, difference.in_source) == ("", "not")
    assert "The bridge is certainly"[: difference.start] == "The bridge is certainly"


def test_us_is_not_the_country() -> None:
    one = article("The minister said that the US would pay for all of the repairs.")
    assert check_quotation("us would pay for all of the repairs", [one]).status is not QuoteStatus.EXACT


def test_two_real_halves_of_two_articles_are_one_altered_quotation() -> None:
    first, second = article(), article("The sea was flat and that saved us all that night, said the coxswain.", "Sea")
    found = check_quotation("We looked at every pier and that saved us all that night", [first, second])
    assert found.status is QuoteStatus.ALTERED
    assert {place.span.article_id for place in found.places} == {first.id, second.id}


# --- Who says them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("We looked at every pier", "Mara Quist"),
        ("Nobody would sleep well", "Mara Quist"),
        ("the town could not wait", "Tomas Brandl"),
        ("It is not a popular decision", "Tomas Brandl"),
        ("but it is the right one", "Tomas Brandl"),
        ("45 jobs depend on the bridge", "the union"),
        ("members had\nbeen asked too late", "Ada Holm"),
        ("The harbour bridge will close for nine weeks", "the council"),
    ],
)
def test_the_speaker_is_read_from_the_words_around(words: str, speaker: str) -> None:
    one = article()
    assert speaker_of(one, span_of(one, words)) == speaker


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ('Keir Starmer spoke. Mr Starmer warned: "This will take years."', "This will take years.", "Keir Starmer"),
        (
            'Kimberly Dozier noted it. She wrote that it was "a surprise to all".',
            "a surprise to all",
            "Kimberly Dozier",
        ),
        ("Trump seemed pleased, with CNN's Kimberly Dozier noting that he smiled.", "he smiled", "Kimberly Dozier"),
        ("It will not happen, according to Downing Street.", "It will not happen", "Downing Street"),
        ('"Nobody came," Ada Holm, who runs the hall, told the paper.', "Nobody came,", "Ada Holm"),
        ("„Es ist zu früh“, sagte Ministerin Eva Brandt am Montag.", "Es ist zu früh", "Eva Brandt"),
        ("«Es una pista», dijo la inspectora Lucía Ferrer.", "Es una pista", "Lucía Ferrer"),
        ("The bridge is closed. Nobody knows for how long.", "The bridge is closed.", None),
        ("The memo is said to be forged by somebody.", "to be forged", None),
    ],
)
def test_speakers_in_other_constructions(text: str, words: str, speaker: str | None) -> None:
    one = article(text)
    assert speaker_of(one, span_of(one, words)) == speaker


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Keir Starmer", "Prime Minister Sir Keir Starmer", True),
        ("Starmer", "Keir Starmer", True),
        ("K. Starmer", "Keir Starmer", True),
        ("Inés Bellver", "Ines Bellver", True),
        ("Downing Street", "Downing Street", True),
        ("the Skarra Line", "Skarra Line", True),
        ("Ukrainian President Volodymyr Zelensky", "Volodymyr Zelensky", True),
        ("Donald Trump", "Melania Trump", False),
        ("Keir Starmer", "Emmanuel Macron", False),
        ("Downing Street", "Keir Starmer", False),
        ("", "Keir Starmer", False),
    ],
)
def test_names_that_can_mean_one_person(a: str, b: str, same: bool) -> None:
    assert same_person(a, b) is same is same_person(b, a)


def test_the_firm_may_say_what_its_officer_says() -> None:
    one = article('"We counted tickets," said Callum Reave, managing director of the Skarra Line.')
    assert check_quotation("We counted tickets", [one], by="Skarra Line").status is QuoteStatus.EXACT
    assert check_quotation("We counted tickets", [one], by="Northfield Ferries").status is QuoteStatus.MISATTRIBUTED


def test_the_wrong_speaker_is_named_in_a_difference() -> None:
    found = check_quotation("Four of them have cracks", [article()], by="Tomas Brandl")
    assert found.status is QuoteStatus.MISATTRIBUTED
    assert [(d.kind, d.in_source) for d in found.differences] == [(Kind.SPEAKER, "Mara Quist")]


# --- Places -----------------------------------------------------------------------------------------------------------


def test_reporting_comes_before_comments_and_the_newest_first() -> None:
    words = "The mayor had promised a new bridge to everybody in town."
    older = article(f"{words} It was in May.", "Older", date(2025, 5, 1))
    newer = article(f"{words} It was in June.", "Newer", date(2025, 6, 1))
    comment = article(
        f"The bridge is shut for a while.\n\n1 Comment\n{words}\nReplyDelete", "Comment", date(2025, 7, 1)
    )
    found = check_quotation(words, [older, comment, newer])
    assert [place.article.title for place in found.places] == ["Newer", "Older", "Comment"]
    assert found.places[-1].zone is Zone.COMMENT


def test_a_place_where_the_person_says_so_comes_before_newer_ones_where_nobody_is_named() -> None:
    words = "Nobody in this town will ever pay for that"
    told = article(f'"{words}," said Ada Holm.', "Told", date(2025, 5, 1))
    untold = article(f'A banner read: "{words}".', "Untold", date(2025, 6, 1))
    other = article(f'"{words}," said Tomas Brandl.', "Other", date(2025, 7, 1))
    found = check_quotation(words, [other, untold, told], by="Ada Holm")
    assert [place.article.title for place in found.places] == ["Told", "Untold", "Other"]
    assert (found.status, found.places[0].speaker) == (QuoteStatus.EXACT, "Ada Holm")


def test_words_of_a_reader_are_exact_and_called_so() -> None:
    one = article(
        "The bridge is shut for a while.\n\n1 Comment\nMy cousin says it will take forty months.\nReplyDelete"
    )
    found = check_quotation("it will take forty months", [one])
    assert (found.status, found.places[0].zone) == (QuoteStatus.EXACT, Zone.COMMENT)
    assert "comment" in found.why


def test_boilerplate_holds_no_quotation() -> None:
    one = article(
        "The bridge is shut for a while.\n\nSign up for the morning newsletter today and get it in your inbox."
    )
    assert check_quotation("Sign up for the morning newsletter today", [one]).status is QuoteStatus.ABSENT


def test_absent_words_name_the_nearest_sentence_and_show_no_place() -> None:
    found = check_quotation("The harbour bridge will open again in nine weeks, everybody there was told", [article()])
    assert (found.status, found.places) == (QuoteStatus.ABSENT, ())
    assert "The nearest" in found.why


# --- Where to look ----------------------------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Library:
    stored = Library(tmp_path / "library")
    for i in range(60):
        filler = f"Report {i} is about the market of town {i}. It was a quiet day there, and the bread cost {i} crowns."
        stored.add(one := article(filler, f"Report {i}"), split_article(one))
    sea = article("The sea was flat and that saved us all that night, said the coxswain.", "Sea")
    for one in (article(), sea):
        stored.add(one, split_article(one))
    return stored


@pytest.mark.parametrize(
    ("quote", "titles"),
    [
        ("Four of them have cracks", {"Bridge"}),
        ("We looked at every pier and that saved us all that night", {"Bridge", "Sea"}),
        ("every pier", {"Bridge"}),
    ],
)
def test_candidates_hold_the_articles_that_the_words_come_from(library: Library, quote: str, titles: set[str]) -> None:
    found = candidates(library, quote)
    assert titles <= {one.title for one in found}
    assert len(found) <= 20


def test_few_words_are_looked_up_in_every_article(library: Library) -> None:
    assert len(candidates(library, "quiet day")) == 60


def test_of_few_words_those_articles_come_first_that_name_the_person_beside_them_then_the_newest(
    library: Library,
) -> None:
    boats = "The boats lay in the harbour. " * 40
    far = f"A quiet day, a quiet day, a quiet day.\n\n{boats}\n\nAda Holm had been asked too late."
    for text, title, day in (
        (f'"It was a quiet day there," said Ada Holm, who runs the hall. {boats}', "Beside", 1),
        (far, "Far", 2),
        ("It was a quiet day there.", "Newest", 3),
    ):
        library.add(one := article(text, title, date(2025, 6, day)), split_article(one))
    found = candidates(library, "quiet day", by="Ada Holm")
    assert [one.title for one in found][:3] == ["Beside", "Far", "Newest"]


def test_few_words_that_many_articles_hold_are_read_in_some_and_weighed_in_depth_where_shown(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def noted(name: str) -> None:
        real = getattr(quotations, name)
        monkeypatch.setattr(quotations, name, lambda *args, **kwargs: looks.append(name) or real(*args, **kwargs))

    noted("occurrences")
    noted("is_debunked")
    found = check_quotation("quiet day", candidates(library, "quiet day"))
    assert (found.status, len(found.places)) == (QuoteStatus.EXACT, 10)
    assert looks.count("occurrences") <= quotations.MOST_READ < 60
    assert looks.count("is_debunked") <= 2 * len(found.places)


def test_whom_a_spokeswoman_speaks_for_is_read_beside_her_name_anywhere() -> None:
    filler = "The ferry left at nine with forty people and two dogs on board. " * 30
    one = article(
        f'{filler}\n\nMara Quist, a spokeswoman for Skarra Line, came late.\n\n"We counted tickets," said Quist.'
    )
    assert check_quotation("We counted tickets", [one], by="Skarra Line").status is QuoteStatus.EXACT


def test_candidates_of_no_words_are_none(library: Library) -> None:
    assert candidates(library, "...") == []


# --- The edge, odd input, size ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("quote", ["", "   ", "“”", "...", "?!"])
def test_a_quotation_without_words_is_refused_at_the_edge_with_a_hint(quote: str) -> None:
    with pytest.raises(WrongUse) as caught:
        normalise_quote(quote)
    assert caught.value.hint
    assert check_quotation(quote, [article()]).status is QuoteStatus.ABSENT


@pytest.mark.parametrize("quote", ["“We looked”", " «We looked» ", '"We looked"', "We looked", "„We looked“"])
def test_marks_round_a_quotation_are_taken_off(quote: str) -> None:
    assert normalise_quote(quote) == "We looked"


TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            [
                *HARBOUR.split()[:40],
                '"',
                "“",
                "”",
                "...",
                "[not]",
                "\n\n",
                "é",
                "👩‍👩‍👧",
                "30",
                "said",
                "he",
                ",",
                "ﬁ",
                "\u200d",
                "x\u0301",
            ]
        ),
        max_size=40,
    ).map(" ".join),
)


@settings(max_examples=120, deadline=None)
@given(quote=TEXTS, text=TEXTS, by=st.one_of(st.none(), st.text(max_size=20)))
def test_no_quotation_and_no_article_makes_the_gate_raise(quote: str, text: str, by: str | None) -> None:
    one = article(f"{HARBOUR}\n\n{text}") if text.strip() else article()
    for articles in ([one], [article(), one]):
        found = check_quotation(quote, articles, by)
        by_id = {each.id: each for each in articles}
        for place in found.places:
            assert by_id[place.span.article_id].quote(place.span) == place.quote
        for difference in found.differences:
            assert quote[difference.start : difference.end] == difference.in_claim
            source = by_id[difference.article_id].text
            if difference.kind is not Kind.SPEAKER:
                assert source[difference.source_start : difference.source_end] == difference.in_source


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, len(HARBOUR) - 1), length=st.integers(1, 200))
def test_every_stretch_has_a_speaker_or_none(start: int, length: int) -> None:
    one = article()
    speech = speech_at(one, Span(one.id, start, min(len(one.text), start + length)))
    assert speech is None or speech.speaker.strip()


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_tokens_and_parts_lie_where_they_say(text: str) -> None:
    tokens = tokens_of(text)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert all(text[token.start : token.end] for token in tokens)
    assert all(token in tokens for part in parts_of(text) for token in part.tokens)


def long_text(n: int) -> list[str]:
    return [f"word{(i * 7919) % 997}" if i % 3 else ("the", "of", "said")[i % 9 // 3] for i in range(n)]


@pytest.mark.parametrize("step", [0, 7, 2], ids=["the same", "every seventh word changed", "every second word changed"])
def test_four_times_the_words_take_little_more_than_four_times_the_time(step: int) -> None:
    def quoted(n: int) -> tuple[str, Article]:
        said = long_text(n)
        one = article(". ".join(" ".join(said[i : i + 14]) for i in range(0, n, 14)))
        words = ("other" if step and i % step == 0 else word for i, word in enumerate(one.text.split()))
        return " ".join(words), one

    def look_up(prepared: tuple[str, Article]) -> None:
        quote, one = prepared
        assert (check_quotation(quote, [one]).status is QuoteStatus.EXACT) is (step == 0)

    assert growth_by_number(quoted, look_up, 1250) < 8


def test_the_nearest_words_and_the_seam_need_words_in_common() -> None:
    assert align(article(), "zebra crossing") is None
    assert seam([article()], "zebra crossing of the other kind entirely") is None
    assert occurrences(article(), "zebra crossing") == []
