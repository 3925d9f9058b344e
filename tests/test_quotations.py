"""The table the project promises: quotations of the sample corpus, each with what must be said of it.

Twenty exact, twenty altered, ten misattributed, ten absent, and eight cut off from what limits them. Each is checked against
all articles of the corpus, so that a look-alike elsewhere would be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.checks.quotations import check_quotation
from assistant.loaders import RawDocument
from assistant.sources import load, read_sources
from assistant.types import Article, Kind, QuoteCheck, QuoteStatus

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    raws = [raw for raw in read_sources([CORPUS]) if isinstance(raw, RawDocument)]
    loaded = [article for raw in raws for article in load(raw)]
    return [article for article in loaded if isinstance(article, Article)]


@dataclass(frozen=True)
class Row:
    """A quotation, who is said to have said it, and what must come out."""

    quote: str
    by: str | None
    where: str
    """Source id of the first place; empty when there must be none."""
    expected: tuple[object, ...] = ()
    """Altered: (kind, words of the quotation, words of the source). Exact and misattributed: who really says it.
    Cut: words that must stand beside it."""
    article: str | None = None
    """Source id of the article that the quotation is said to stand in."""


EXACT = {
    "verbatim": Row(
        "Lifting an order is the end of an emergency",
        "Amara Osei-Lund",
        "alderbrook-advisory-lifted",
        ("Amara Osei-Lund",),
    ),
    "straight marks for curly ones": Row(
        '"If the wind had got up, they would have asked me why I was so slow"',
        "Rhona Tulloch",
        "ferry-night-reconstructed",
        ("Rhona Tulloch",),
    ),
    "curly marks for straight ones": Row(
        "“It isn’t the end of a question.”",
        "Dr. Amara Osei-Lund",
        "alderbrook-advisory-lifted",
        ("Amara Osei-Lund",),
    ),
    "small first letter and no full stop": Row(
        "we counted tickets when we should have counted people",
        "Callum Reave",
        "ferry-refloated-northfield",
        ("Callum Reave",),
    ),
    "over a sentence's border": Row(
        "The crew were very quick. They had lifejackets on the little ones before I had found my shoes.",
        "Wendy Prowse",
        "ferry-grounds-off-port-haldane",
        ("Wendy Prowse",),
    ),
    "two halves parted by he said": Row(
        "The sea was flat, and that saved us. With a swell running I would be giving you a different set of figures.",
        "Neil Ashworth",
        "ferry-grounds-off-port-haldane",
        ("Neil Ashworth",),
    ),
    "two halves parted by a name and an office": Row(
        "We have two accounts of that minute, each of them coherent and each of them sworn. On the evidence we hold today, "
        "they cannot be reconciled.",
        "Judge Ollerton",
        "ferry-inquiry-interim",
        ("Ruth Ollerton",),
    ),
    "words left out and marked": Row(
        "Measles is the most contagious thing ... It can hang in the air of a room for two hours",
        "Leila Farrow",
        "tamber-measles-first-cases",
        ("Leila Farrow",),
    ),
    "a word explained in brackets": Row(
        "[The insurer's] A guarantee with aircraft in it is something I can model",
        "Ferdinand Achterberg",
        "kremlin-slows-summit-talk",
        ("Ferdinand Achterberg",),
    ),
    "a pronoun replaced in brackets": Row(
        "“[Montcada] would have signed the bicycle”", "Carla Whitby", "montcada-two-versions", ("Carla Whitby",)
    ),
    "German": Row(
        '"Unsere Freunde dort fragen nicht nach Gipfeln, sie fragen nach Flugabwehr"',
        "Rolf Bemmerich",
        "ukraine-treffen-verbuendete",
        ("Rolf Bemmerich",),
    ),
    "German with other dashes and marks": Row(
        "»Es gibt keinen Grund zur Euphorie, aber auch keinen zur Resignation«",
        "Annegret Sudhoff",
        "ukraine-treffen-verbuendete",
        ("Annegret Sudhoff",),
    ),
    "Spanish": Row(
        "«No lo paga el seguro, lo paga el pueblo»", "Inés Bellver", "las-salineras-recompensa", ("Inés Bellver",)
    ),
    "Spanish, the speaker left to the verb": Row(
        '"Mi abuela es la segunda por la izquierda, la que no mira"',
        "Remedios Alcover",
        "las-salineras-recompensa",
        ("Remedios Alcover",),
    ),
    "a quotation with words in marks inside": Row(
        'Open is a word, "gradually" is a policy', "Achterberg", "kremlin-slows-summit-talk", ("Ferdinand Achterberg",)
    ),
    "the article's own narration, nobody named": Row(
        "It is insured as part of the furniture.", None, "montcada-two-versions", (None,)
    ),
    "reported without quotation marks": Row(
        "the thieves had known which skylight to choose, as the other three do not open",
        "Inspector Lucia Ferrer",
        "salt-gatherers-stolen",
        ("Lucia Ferrer",),
    ),
    "an amount with its unit": Row(
        "“We stand by 4,200”", "Gene Pastorius", "alderbrook-households-disputed", ("Gene Pastorius",)
    ),
    "another dash and no space": Row("They found those too—nine of them.", None, "salt-gatherers-recovered", (None,)),
    "by the office in place of the name": Row(
        "I won't say it's over", "the health officer", "tamber-measles-bus-clinics", ("Leila Farrow",)
    ),
}

ALTERED = {
    "dropped not": Row(
        "A finding is a guess made by somebody in a robe.",
        "Ruth Ollerton",
        "ferry-inquiry-final",
        (Kind.NEGATION, "", "not"),
    ),
    "added not": Row(
        "We are not ready to fill in every other line",
        None,
        "security-guarantees-explainer",
        (Kind.NEGATION, "not", ""),
    ),
    "never for nothing": Row(
        "That will happen again on any ship of ours.",
        "Callum Reave",
        "ferry-refloated-northfield",
        (Kind.NEGATION, "", "not"),
    ),
    "don't becomes do": Row(
        "They do sit together, but they like the same pie.",
        "Ingeborg Nash",
        "voltmark-strike-week-three",
        (Kind.NEGATION, "do", "don’t"),
    ),
    "German, nicht dropped": Row(
        "Unsere Freunde dort fragen nach Gipfeln, sie fragen nach Flugabwehr",
        "Rolf Bemmerich",
        "ukraine-treffen-verbuendete",
        (Kind.NEGATION, "", "nicht"),
    ),
    "Spanish, no dropped": Row(
        "Es una pista, es una prueba", "Lucía Ferrer", "las-salineras-recompensa", (Kind.NEGATION, "", "no")
    ),
    "changed number": Row(
        "Keir Starmer gave an account of Monday's White House talks to the leaders of more than 45 countries on Tuesday",
        None,
        "starmer-briefs-coalition",
        (Kind.NUMBER, "45", "30"),
    ),
    "changed decimal": Row(
        "The sample contained 1.04 micrograms of trichloroethylene per liter, close to the 11 reported at first",
        None,
        "alderbrook-households-disputed",
        (Kind.NUMBER, "1.04", "10.4"),
    ),
    "number word changed": Row(
        "Twelve tonnes or forty, it was ten weeks without a penny",
        "Fergus Tull",
        "ferry-inquiry-interim",
        (Kind.NUMBER, "ten", "six"),
    ),
    "another weekday": Row(
        "We gave the underwriters what we knew on Friday morning.",
        "Callum Reave",
        "ferry-captain-had-con",
        (Kind.DATE, "Friday", "Monday"),
    ),
    "another clock time": Row(
        "The anti-grounding alarm of the electronic chart had been silenced at 19:58 because it was sounding for every lobster "
        "pot.",
        None,
        "ferry-inquiry-final",
        (Kind.DATE, "19:58", "18:58"),
    ),
    "names exchanged": Row(
        "Europe is looking for a deal and Washington is looking for a guarantee",
        "Hanneke Vos",
        "white-house-ukraine-talks",
        (Kind.NAME, "Washington", "Europe"),
    ),
    "another place": Row(
        "She was towed to the repair berth at Port Kilbrae and reached it shortly before nine.",
        None,
        "ferry-refloated-northfield",
        (Kind.NAME, "Kilbrae", "Haldane"),
    ),
    "a synonym": Row(
        "People fall asleep at red lights on the road home",
        "Rosa Imbert",
        "voltmark-strike-begins",
        (Kind.WORDS, "road", "way"),
    ),
    "the opposite word": Row(
        "Everybody quotes the limit and forgets the readiness",
        "Tobias Lindqvist",
        "starmer-briefs-coalition",
        (Kind.WORDS, "limit", "readiness"),
    ),
    "a dropped hedge": Row(
        "Henrik Dahl, the plant manager, is leaving for a competitor.",
        None,
        "voltmark-fourth-line-delayed",
        (Kind.WORDS, "", "reportedly"),
    ),
    "words of praise added": Row(
        "The librarian who drives the wonderful yellow bus, Gus Tillery, said the most common question was not about",
        None,
        "tamber-measles-bus-clinics",
        (Kind.WORDS, "wonderful yellow", ""),
    ),
    "two sentences of one article joined": Row(
        "The Lady Morwenna came off the Corran Teeth at 05:10 Four were still in hospital, the health board said",
        None,
        "ferry-refloated-northfield",
        (Kind.WORDS,),
    ),
    "joined from two articles": Row(
        "We get a lot of ships. Whoever has it can't show it to a living soul",
        "Ines Bellver",
        "salt-gatherers-recovered",
        (Kind.WORDS,),
    ),
    "a not put into brackets": Row(
        "Please [never] boil it... Drink the bottled water", None, "alderbrook-claim-check", (Kind.NEGATION,)
    ),
}

MISATTRIBUTED = {
    "the mediator's words given to the analyst": Row(
        "I have left rooms to make that call", "Kimberly Dozier", "mid-meeting-call-to-putin", ("Walter Grieg",)
    ),
    "the union's words given to the manager": Row(
        "We told them rested people make better batteries",
        "Henrik Dahl",
        "voltmark-fourth-line-delayed",
        ("Rosa Imbert",),
    ),
    "the county's words given to the city": Row(
        "A valve is either open or it is not, and those three were open",
        "Gene Pastorius",
        "alderbrook-households-disputed",
        ("Amara Osei-Lund",),
    ),
    "one minister's word given to another": Row(
        "unacceptable", "Volodymyr Zelensky", "security-guarantees-explainer", ("Vladimir Putin",)
    ),
    "the judge's words given to the captain": Row(
        "A finding is not a guess made by somebody in a robe.",
        "Ingrid Solheim",
        "ferry-inquiry-final",
        ("Ruth Ollerton",),
    ),
    "German": Row(
        "Unsere Freunde dort fragen nicht nach Gipfeln, sie fragen nach Flugabwehr",
        "Friedrich Merz",
        "ukraine-treffen-verbuendete",
        ("Rolf Bemmerich",),
    ),
    "Spanish": Row("Es una pista, no es una prueba", "Damián Oliva", "las-salineras-recompensa", ("Lucía Ferrer",)),
    "the second half after she said": Row(
        "I just believe the jug more.", "Dolores Whitcomb", "alderbrook-advisory-lifted", ("Janelle Ortiz",)
    ),
    "the article's own words given to somebody": Row(
        "It is insured as part of the furniture.", "Emmanuel Macron", "montcada-two-versions", (None,)
    ),
    "in another article than was said": Row(
        "They sat one at each end",
        "Magnus Leask",
        "ferry-night-reconstructed",
        ("Magnus Leask",),
        article="ferry-inquiry-final",
    ),
}

ABSENT = {
    "made up": Row("We shall never again sail without a second lookout on the bridge", "Callum Reave", ""),
    "made up, with names of the story": Row(
        "Putin told me on the phone that he will sign next week", "Donald Trump", ""
    ),
    "three words that nobody says": Row("completely and utterly", None, ""),
    "two words, close to a real one": Row("quite inacceptable", "Vladimir Putin", ""),
    "one word": Row("unforgivable", None, ""),
    "few of its words stand anywhere": Row("The wells are clean and the council can be proud of its carbon", None, ""),
    "German, made up": Row("Deutschland wird fünftausend Soldaten in die Ukraine schicken", "Friedrich Merz", ""),
    "Spanish, made up": Row("El cuadro está escondido en una iglesia de la montaña", "Lucía Ferrer", ""),
    "the sense in other words": Row(
        "Our customers should have been tallied by head instead of by their paid fares", "Callum Reave", ""
    ),
    "boilerplate is nobody's words": Row("Get The Meridian Wire's health briefing every Friday", None, ""),
}

CUT = {
    "but not to sign away": Row(
        "ready to talk every day",
        "Rosa Imbert",
        "voltmark-strike-week-three",
        ("but not to sign away the night premium",),
    ),
    "but not to send soldiers": Row(
        "ready to help protect Ukraine's skies and its sea lanes",
        None,
        "starmer-briefs-coalition",
        ("but not to send British",),
    ),
    "the but behind he said": Row(
        "We are ready to fill in every other line", None, "security-guarantees-explainer", ("but not to pretend",)
    ),
    "not left in front": Row("a reason to panic", "Dolores Whitcomb", "alderbrook-wells-closed", ("This is not",)),
    "an if left behind": Row(
        "All charges against the eleven strikers arrested in October are to be dropped under a side letter",
        None,
        "voltmark-settlement",
        ("if the county prosecutor agrees",),
    ),
    "the next sentence says it is wrong": Row(
        "boil it for ten minutes and it's as good as new", None, "alderbrook-claim-check", ("That is wrong, too",)
    ),
    "the not lies in the dots": Row(
        "“She would ... say whether employees of the museum or of the alarm company had been questioned”",
        None,
        "salt-gatherers-stolen",
        ("not",),
    ),
    "half an amount": Row("is insured for 1.2", None, "salt-gatherers-stolen", ("million euros",)),
}

TABLE = {
    QuoteStatus.EXACT: EXACT,
    QuoteStatus.ALTERED: ALTERED,
    QuoteStatus.MISATTRIBUTED: MISATTRIBUTED,
    QuoteStatus.ABSENT: ABSENT,
    QuoteStatus.CUT: CUT,
}


def rows(status: QuoteStatus) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", TABLE[status].values(), ids=TABLE[status].keys())


def check(row: Row, articles: list[Article]) -> QuoteCheck:
    named = next((article.id for article in articles if article.source_id == row.article), None)
    found = check_quotation(row.quote, articles, row.by, named)
    for place in found.places:
        article = next(one for one in articles if one.id == place.span.article_id)
        assert article.quote(place.span) == place.quote
        assert place.beside is None or article.quote(place.beside).strip()
    for difference in found.differences:
        assert row.quote[difference.start : difference.end] == difference.in_claim
        source = next(one for one in articles if one.id == difference.article_id)
        assert difference.kind is Kind.SPEAKER or (
            source.text[difference.source_start : difference.source_end] == difference.in_source
        )
    return found


def first_place(found: QuoteCheck) -> str | None:
    return found.places[0].article.source_id


@rows(QuoteStatus.EXACT)
def test_an_exact_quotation_is_found_with_its_speaker(row: Row, articles: list[Article]) -> None:
    found = check(row, articles)
    assert (found.status, first_place(found)) == (QuoteStatus.EXACT, row.where), found.why
    assert found.places[0].speaker == row.expected[0]
    assert found.differences == ()


@rows(QuoteStatus.ALTERED)
def test_an_altered_quotation_shows_what_the_source_has(row: Row, articles: list[Article]) -> None:
    found = check(row, articles)
    assert (found.status, first_place(found)) == (QuoteStatus.ALTERED, row.where), found.why
    told = [(d.kind, d.in_claim, d.in_source)[: len(row.expected)] for d in found.differences]
    assert row.expected in told, told
    assert all(difference.note for difference in found.differences)


@rows(QuoteStatus.MISATTRIBUTED)
def test_words_of_another_speaker_or_article_are_misattributed(row: Row, articles: list[Article]) -> None:
    found = check(row, articles)
    assert (found.status, first_place(found)) == (QuoteStatus.MISATTRIBUTED, row.where), found.why
    assert found.places[0].speaker == row.expected[0]


@rows(QuoteStatus.ABSENT)
def test_absent_words_are_shown_nowhere(row: Row, articles: list[Article]) -> None:
    found = check(row, articles)
    assert (found.status, found.places, found.differences) == (QuoteStatus.ABSENT, (), ()), found.why


@rows(QuoteStatus.CUT)
def test_words_cut_off_from_their_limit_are_shown_with_it(row: Row, articles: list[Article]) -> None:
    found = check(row, articles)
    assert (found.status, first_place(found)) == (QuoteStatus.CUT, row.where), found.why
    assert found.places[0].beside is not None
    article = next(one for one in articles if one.id == found.places[0].span.article_id)
    assert str(row.expected[0]) in article.quote(found.places[0].beside)


def test_the_table_has_the_promised_rows() -> None:
    counts = {status: len(table) for status, table in TABLE.items()}
    assert counts == {
        QuoteStatus.EXACT: 20,
        QuoteStatus.ALTERED: 20,
        QuoteStatus.MISATTRIBUTED: 10,
        QuoteStatus.ABSENT: 10,
        QuoteStatus.CUT: 8,
    }
