"""The gate of promise 2: words that an article has are found where they stand, others are never shown as its own.

Two invented articles, 40 quotations from them in other typography, and 40 with something changed. Then the same by
hypothesis: whatever whole words of a hostile article are quoted are found, and one changed word is one too many.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assistant.articles import make_article
from assistant.chunking import blocks
from assistant.citations import find_quote, is_whole, resolve_quote
from assistant.text import fold
from assistant.types import Article, ClaimedQuote, Match, Span

BRIDGE = make_article(
    """Harbour bridge to close for nine weeks

The council of Port Haldane voted 14–3 on Monday, 3 March 2025, to close the harbour bridge for repairs. Mayor Ada \
Brandt did not call the decision easy. “We can’t wait for another winter,” she said — “nobody who’s seen the cables \
would say ‘leave it’.”

The work will cost $30.5 million, almost 12 % more than planned, and take nine weeks. Ferries will run every ten \
minutes between 6:30 a.m. and 11 p.m., and carry more than 1,200 people an hour. The wind may, engineers warned, reach \
90 km/h; at −5 °C the crews stop. No one has been hurt, and Ole Falk of the engineers’ union could not rule out delays.

The council met again on Friday. The bridge opened in 1932 and was re-painted in 1987–88. The council met again on \
Friday.

The cafe\u0301 on the pier, the Pâtisserie Zoë, lost 10² customers in its ﬁrst week, its owner said; its debts grew \
by 5½ per cent to €1\u202f500. A spe\u00adcial fund of 200\u00a0000 crowns exists. Deliveries are sus\u200bpended…

“The mayor called it ‘the U.S. way of building’ – fast, loud,\nexpensive,” the Haldane-based writer Mina Holt \
wrote. She is not, however, against the work. The harbour office—open since May—will help.""",
    title="Harbour bridge to close for nine weeks",
    publisher="The Harbour Courier",
)
SCHOOL = make_article(
    """School year in Elmscote begins a week late

Elmscote’s schools open on 8 September, a week late, because 40 classrooms are not dry. Head teacher Jon Pell said \
that the storm of 17 August had flooded the cellars.

“Nobody was in the building,” he said. The city has set aside two million crowns.""",
    title="School year in Elmscote begins a week late",
    publisher="Elmscote Post",
)
LIBRARY = {article.id: article for article in (BRIDGE, SCHOOL)}


def gate(quote: str, article: Article = BRIDGE) -> Match:
    return resolve_quote(ClaimedQuote(quote, article.id), LIBRARY).status


# --- 40 true ones

V, N = Match.VERIFIED, Match.NORMALISED
TRUE = [
    pytest.param(
        "The work will cost $30.5 million, almost 12 % more than planned, and take nine weeks.", V, id="a-sentence"
    ),
    pytest.param("could not rule out delays", V, id="with-its-negation"),
    pytest.param("  take nine weeks.\n", V, id="white-space-around-it"),
    pytest.param("We can’t wait for another winter", V, id="curly-apostrophe-as-printed"),
    pytest.param("We can't wait for another winter", N, id="straight-apostrophe"),
    pytest.param('"We can\'t wait for another winter," she said', N, id="straight-quotes"),
    pytest.param("„We can’t wait for another winter,‟ she said", N, id="low-quotes"),
    pytest.param("«We can’t wait for another winter,» she said", N, id="guillemets"),
    pytest.param("We can´t wait for another winter", N, id="acute-accent-as-apostrophe"),
    pytest.param("We can`t wait for another winter", N, id="backtick-as-apostrophe"),
    pytest.param("nobody who's seen the cables would say 'leave it'.\"", N, id="nested-quotes"),
    pytest.param("called it 'the U.S. way of building' - fast", N, id="nested-quotes-and-en-dash"),
    pytest.param("voted 14-3 on Monday", N, id="en-dash-in-a-score-as-hyphen"),
    pytest.param("voted 14—3 on Monday", N, id="en-dash-as-em-dash"),
    pytest.param("was re-painted in 1987-88", N, id="en-dash-in-years-as-hyphen"),
    pytest.param("was re‑painted in 1987–88", N, id="no-break-hyphen"),
    pytest.param("she said -- “nobody who’s seen the cables", N, id="em-dash-as-two-hyphens"),
    pytest.param("she said – “nobody who’s seen the cables", N, id="em-dash-as-en-dash"),
    pytest.param("at -5 °C the crews stop", N, id="minus-as-hyphen"),
    pytest.param("at –5 °C the crews stop", N, id="minus-as-en-dash"),
    pytest.param("The work  will cost $30.5 million", N, id="double-space"),
    pytest.param("The work will\u00a0cost $30.5\u00a0million", N, id="no-break-spaces-added"),
    pytest.param("A special fund of 200 000 crowns exists", N, id="no-break-space-and-soft-hyphen-dropped"),
    pytest.param("grew by 5½ per cent to €1 500", N, id="narrow-no-break-space"),
    pytest.param("take nine weeks. Ferries will\nrun every ten minutes", N, id="line-break-added"),
    pytest.param("fast, loud, expensive", N, id="line-break-dropped"),
    pytest.param("fast, loud,\r\nexpensive", N, id="windows-line-break"),
    pytest.param("in its first week", N, id="ligature-spelled-out"),
    pytest.param("Ferries will run every ten minutes", V, id="a-clause"),
    pytest.param("The harbour oﬃce—open since May", N, id="ligature-added"),
    pytest.param("The café on the pier", N, id="composed-accent"),
    pytest.param("the Pa\u0302tisserie Zoe\u0308", N, id="decomposed-accents"),
    pytest.param("Deliveries are suspended…", N, id="zero-width-space-dropped"),
    pytest.param("Deliveries are suspended...", N, id="ellipsis-as-three-points"),
    pytest.param("Fer\u00adries will run eve\u200bry ten minutes", N, id="soft-hyphen-and-zero-width-added"),
    pytest.param("\ufeffThe work will cost", N, id="byte-order-mark"),
    pytest.param("voted １４–３ on Monday", N, id="full-width-digits"),
    pytest.param("almost 12\u2009％ more than planned", N, id="full-width-per-cent-and-thin-space"),
    pytest.param("lost 10² customers", V, id="superscript-as-printed"),
    pytest.param("open since May", V, id="between-long-dashes-without-spaces"),
    pytest.param(
        "to close the harbour bridge for repairs. Mayor Ada Brandt did not call", V, id="across-a-sentence-end"
    ),
    pytest.param("could not rule out delays. The council met again", N, id="across-paragraphs-at-a-sentence-end"),
    pytest.param("14–3", V, id="a-score"),
    pytest.param("$30.5 million", V, id="an-amount"),
]


@pytest.mark.parametrize(("quote", "status"), TRUE)
def test_the_articles_words_are_found_in_other_typography(quote: str, status: Match) -> None:
    assert gate(quote) is status


@pytest.mark.parametrize(("quote", "status"), TRUE)
def test_a_citation_carries_the_articles_own_characters(quote: str, status: Match) -> None:
    found = resolve_quote(ClaimedQuote(quote, BRIDGE.id), LIBRARY)
    assert found.quote == BRIDGE.text[found.span.start : found.span.end]
    assert fold(found.quote).text == fold(quote).text.strip()


def test_a_normalised_quote_says_that_typography_differs() -> None:
    notes = [resolve_quote(ClaimedQuote(quote, BRIDGE.id), LIBRARY).note for quote in ("can’t wait", "can't wait")]
    assert notes == ["", "Same words; quotation marks, dashes or spaces differ."]


# --- 40 altered ones

ALTERED = [
    # numbers
    pytest.param("The work will cost $35.5 million, almost 12 % more than planned", id="number-changed"),
    pytest.param("The work will cost $30 million, almost 12 % more than planned", id="number-rounded"),
    pytest.param("Ferries will run every two minutes between 6:30 a.m. and 11 p.m.", id="number-in-words-changed"),
    pytest.param("Ferries will run every 10 minutes between 6:30 a.m. and 11 p.m.", id="number-in-words-as-digits"),
    pytest.param("and carry 1,200 people an hour", id="more-than-dropped"),
    pytest.param("and carry more than 12,00 people an hour", id="comma-moved"),
    pytest.param("lost 102 customers in its first week", id="superscript-as-digit"),
    pytest.param("its debts grew by 51/2 per cent", id="fraction-as-digits"),
    pytest.param("its debts grew by 5 per cent", id="fraction-dropped"),
    pytest.param("at 5 °C the crews stop", id="minus-dropped"),
    pytest.param("voted 3–14 on Monday", id="score-turned-round"),
    # units and currencies
    pytest.param("The work will cost €30.5 million", id="currency-changed"),
    pytest.param("The work will cost $30.5 billion", id="million-as-billion"),
    pytest.param("almost 12 percentage points more than planned", id="per-cent-as-points"),
    pytest.param("reach 90 mph; at −5 °C the crews stop", id="unit-changed"),
    # negation and sense
    pytest.param("Mayor Ada Brandt did call the decision easy.", id="not-dropped"),
    pytest.param("“We can wait for another winter,” she said", id="nt-dropped"),
    pytest.param(
        "The council of Port Haldane voted 14–3 on Monday, 3 March 2025, not to close the harbour bridge",
        id="not-added",
    ),
    pytest.param("Someone has been hurt, and Ole Falk", id="no-one-as-someone"),
    pytest.param("Ole Falk of the engineers’ union could rule out delays", id="could-not-as-could"),
    pytest.param("She is, however, against the work.", id="not-however-dropped"),
    pytest.param("The wind will, engineers warned, reach 90 km/h", id="may-as-will"),
    pytest.param("The work will cost $30.5 million, 12 % more than planned", id="almost-dropped"),
    pytest.param("The wind may reach 90 km/h", id="attribution-dropped"),
    # names and dates
    pytest.param("Mayor Ada Falk did not call the decision easy.", id="name-swapped"),
    pytest.param("Ole Falk of the teachers’ union could not rule out delays", id="affiliation-changed"),
    pytest.param("on Monday, 4 March 2025, to close the harbour bridge", id="day-changed"),
    pytest.param("on Tuesday, 3 March 2025, to close the harbour bridge", id="weekday-changed"),
    pytest.param("on Monday, 3 March, to close the harbour bridge", id="year-dropped"),
    pytest.param("The bridge opened in 1923 and was re-painted", id="year-digits-swapped"),
    # order, truncation, merging
    pytest.param("to close the bridge harbour for repairs", id="words-in-another-order"),
    pytest.param("The work will take nine weeks.", id="middle-dropped"),
    pytest.param("The work will cost … and take nine weeks.", id="middle-elided"),
    pytest.param("the harbour bridge for repair", id="word-cut"),
    pytest.param("The work will cost $30", id="decimals-cut"),
    pytest.param("The work will cost $30.5", id="million-cut-off"),
    pytest.param("reach 90 km", id="unit-cut"),
    pytest.param("The council met again on Friday and was re-painted in 1987–88.", id="sentences-merged"),
    pytest.param(
        "Harbour bridge to close for nine weeks The council of Port Haldane voted", id="headline-run-into-the-text"
    ),
    # letters
    pytest.param("the Patisserie Zoe", id="accents-stripped"),
    pytest.param("the council of Port Haldane voted 14–3", id="case-changed"),
    pytest.param("The bridge opened in 1932 and was repainted", id="hyphen-dropped"),
    pytest.param("The council metagain on Friday", id="space-dropped"),
    pytest.param("The council [of Port Haldane] voted", id="brackets-added"),
    pytest.param("called it “the U.S. way of building”", id="single-marks-as-double"),
]


@pytest.mark.parametrize("quote", ALTERED)
def test_an_altered_quote_is_refused(quote: str) -> None:
    assert gate(quote) in (Match.ALTERED, Match.ABSENT)


@pytest.mark.parametrize("quote", ALTERED)
def test_a_refused_quote_keeps_the_claimed_words(quote: str) -> None:
    assert resolve_quote(ClaimedQuote(quote, BRIDGE.id), LIBRARY).quote == quote


def test_the_tables_are_as_long_as_promised() -> None:
    assert min(len(TRUE), len(ALTERED)) >= 40


def test_an_altered_quote_is_shown_beside_what_the_article_says() -> None:
    found = resolve_quote(ClaimedQuote("Mayor Ada Brandt did call the decision easy.", BRIDGE.id), LIBRARY)
    assert found.status is Match.ALTERED
    assert found.note == "The article says: Mayor Ada Brandt did not call the decision easy."
    assert BRIDGE.quote(found.span) == "Mayor Ada Brandt did not call the decision easy."


def test_a_quote_from_another_article_is_misplaced_and_the_note_names_that_article() -> None:
    found = resolve_quote(ClaimedQuote("Nobody was in the building", BRIDGE.id), LIBRARY)
    assert (found.status, found.span.article_id) == (Match.MISPLACED, SCHOOL.id)
    assert "School year in Elmscote begins a week late · Elmscote Post" in found.note


def test_a_misplaced_quote_is_sought_in_the_rest_of_the_library_too() -> None:
    claimed = ClaimedQuote("Nobody was in the building", BRIDGE.id)
    assert resolve_quote(claimed, {BRIDGE.id: BRIDGE}, lambda _: [SCHOOL]).status is Match.MISPLACED


def test_words_of_no_article_are_absent() -> None:
    found = resolve_quote(ClaimedQuote("The tunnel was finished in spring by two brothers.", BRIDGE.id), LIBRARY)
    assert (found.status, found.note) == (Match.ABSENT, "These words stand in no article of the library.")


def test_a_quote_from_an_unknown_article_is_absent() -> None:
    found = resolve_quote(ClaimedQuote("The tunnel is open.", "no-such-article"), LIBRARY)
    assert (found.status, found.note) == (Match.ABSENT, "The article is not in the library.")


@pytest.mark.parametrize("quote", ["", " ", "\n", "…", "“”", "—", "$", "\u200b", "👍", "\ud800"])
def test_a_quote_without_words_is_absent(quote: str) -> None:
    assert gate(quote, make_article(f"{BRIDGE.text} {quote} 👍 —")) is Match.ABSENT


# --- What a quote may not leave behind


def whole(marked: str) -> bool:
    """Whether the stretch between the two bars is whole in the text without them."""
    before, quote, after = marked.split("|")
    return is_whole(before + quote + after, len(before), len(before + quote))


@pytest.mark.parametrize(
    "marked",
    [
        # words and graphemes
        "the re|elected mayor| left",
        "the well-|known mayor| left",
        "the |well|-known mayor left",
        "the well\u2011|known mayor| left",
        "the Paris–|London train| left",
        "he |could|n’t close it",
        "they |could|\u200b\u200bn’t close it",
        "a spe\u00ad|cial case|",
        "the |cafe|\u0301 closed",
        "|पुल बं|द रहेगा",
        "|हि|न्दी",
        "the family |won 👨|\u200d👩\u200d👧 again",
        "the crew |won 👍|🏽 again",
        "and/|or closed| today",
        "the AT&|T tower| fell",
        "the U.|S. navy| left",
        "the |U|.S. navy left",
        "at |courier|.example today",
        "@|haldane left|",
        "he said |he left.|.. twice",
        # numbers
        "cost |1|,500 crowns",
        "cost 1,|500 crowns| more",
        "cost 1|500 crowns| more",
        "cost 1 |500 crowns| more",
        "cost 1\u202f|500 crowns| more",
        "cost 1’|500 crowns| more",
        "cost 12.|5 crowns| more",
        "cost .|5 crowns| more",
        "at 12:|30 they left|",
        "from |10|–20 people",
        "from 10–|20 people| came",
        "from 10 – |20 people| came",
        "from 10\u200b–\u200b|20 people| came",
        "fell to -|5 degrees| today",
        "fell to −|5 degrees| today",
        "fell to –|5 degrees| today",
        "cost |5| ½ crowns",
        "cost |5|½ crowns",
        "cost |5| and a half crowns",
        "some 10^|5 people| came",
        "some |10|² customers",
        "some |30|+ people",
        "some |３０|０ people",
        # currencies, units, scales
        "cost $|30 million| more",
        "cost US|$30 million| more",
        "lost -|$30 million| more",
        "cost EUR |30 million| more",
        "cost € |30 million| more",
        "|cost 30| € more",
        "|cost 30| US dollars more",
        "|cost 30|\u00a0% more",
        "|cost 30|% more",
        "|cost 30| million crowns",
        "|cost 30|\nmillion crowns",
        "|cost thirty| million crowns",
        "cost 30 |million crowns| more",
        "some 30 |percent of it| sank",
        "|drove 90| km/h",
        "|drove 90 km|/h",
        "|at 9| a.m. sharp",
        "|at 9 a|.m. sharp",
        "|it was 5|°C warm",
        # bounds
        "more than |30 people came|",
        "fewer than |thirty people came|",
        "up to |$30 million was spent|",
        "no more than |30 people came|",
        "at least\n|30 people came|",
        "minus |5 degrees|",
        # negations
        "did not |close the bridge|",
        "did not “|close the bridge|”",
        "did not — |close the bridge|",
        "did not\n|close the bridge|",
        "did not\u00a0|close the bridge|",
        "did not (|close the bridge|)",
        "did “not” |close the bridge|",
        "did _not_ |close the bridge|",
        "did *not* |close the bridge|",
        "didn’t |close the bridge|",
        "didn't ever |close the bridge|",
        "did not formally |close the bridge|",
        "did not, however, |close the bridge|",
        "no evidence that |the bridge is closed|",
        "never again will |the bridge be closed|",
        "there was no |sign of damage|",
        "NOT |closed today|",
        "NEVER |closed today|",
        "cannot |close the bridge|",
        "non-|violent protest|",
        "nobody |saw it coming|",
        "hat nicht |geschlossen|",
        "|Der Rat schließt die Brücke| nicht.",
        "n’a jamais |fermé le pont|",
        "no cerrará |el puente|",
    ],
)
def test_a_quote_that_leaves_part_of_its_sense_behind_is_not_whole(marked: str) -> None:
    assert not whole(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "|the well-known mayor|",
        "the |mayor| left",
        "the crew—|five people|—left",
        "the crew – |five people| – left",
        "he said: “|the bridge is closed|”",
        "he said: ‘|the bridge is closed|’",
        "he paid “|exactly 30|” for it",
        "(|the bridge| is closed)",
        "the |councillors|’ vote",
        "said.|The mayor left|",
        "|in 2019|, 20 people left",
        "|in 2019| the mayor left",
        "in 2019 |300 people left|",
        "on |3 May 2024| the mayor left",
        "|The mayor said no|. She left.",
        "The mayor said no. |She left|.",
        "No, |the bridge is closed|",
        "It did not rain, and |the bridge is closed|",
        "the bridge is |not closed|",
        "|the bridge is not closed| today",
        "|the mayor said nothing| about it",
        "the council |never met| again",
        "the vote |would not pass| on Monday",
        "the Non-profit press |closed today|",
        "Will it close? Perhaps not\n\n|The council met|",
        "Will it close? Perhaps not\n|The council met|",
        "The fire cost more than expected. |30 people left|.",
        "Page 3\n\n|500 people left|",
        "|the bridge closed| without a word",
        "the north bank. |A bridge|",
        "|more than 30 people|",
        "|the café| closed",
        "|the caf\u00e9|\u200b closed",
        "|$30 million|",
        "|wait…| then go",
    ],
)
def test_a_quote_that_is_whole_is_not_refused(marked: str) -> None:
    assert whole(marked)


# --- The right occurrence


@pytest.mark.parametrize(
    ("quote", "status"),
    [
        pytest.param("The council met again on Friday.", V, id="exact"),
        pytest.param("The council met again  on Friday.", N, id="in-other-typography"),
    ],
)
def test_of_repeated_words_the_occurrence_nearest_to_the_claim_is_cited(quote: str, status: Match) -> None:
    first, second = (match.start() for match in re.finditer("The council met again", BRIDGE.text))
    found = [find_quote(BRIDGE, quote, near) for near in (0, first + 3, second - 3, len(BRIDGE.text))]
    assert found == [(status, (start, start + 32)) for start in (first, first, second, second)]


def test_an_occurrence_that_is_not_whole_is_passed_over_for_one_that_is() -> None:
    article = make_article("The mayor did not sign it. On Friday the clerk said: sign it. Nobody asked why.")
    start = article.text.index(": sign it") + 2
    assert find_quote(article, "sign it", near=0) == (V, (start, start + 7))


def test_a_quote_over_reporting_and_readers_comments_is_refused() -> None:
    comments = "2 Comments\n\nMina says:\nThe mayor is a fool.\nReply\n\nOle says:\nShe is.\nReply"
    article = make_article(f"{BRIDGE.text}\n\n{comments}")
    assert find_quote(article, "The mayor is a fool.") is not None
    assert find_quote(article, "will help.\n\n2 Comments\n\nMina says:") is None
    assert find_quote(article, "will help. 2 Comments Mina says:") is None


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("shouted of", id="first-half"),
        pytest.param("inal vote", id="second-half"),
        pytest.param("wait..", id="two-points-of-an-ellipsis"),
    ],
)
def test_half_a_ligature_is_no_occurrence_of_its_letter(quote: str) -> None:
    article = make_article(
        "The captain shouted oﬀ at noon, before the ﬁnal vote: wait… The band played on all evening."
    )
    assert find_quote(article, quote) is None


# --- Any article, any quote

WORDS = st.sampled_from(
    """council bridge Holt closed 30 1,500 “open” it’s café cafe\u0301 ﬁrst 10² ½ −5 $30 12% U.S. well-known said:
    👨\u200d👩\u200d👧 👍🏽 מועצה הצביעה المجلس पुल 橋 sus\u200bpended so\u00adft ﬀ …and (later) „gut“ «bien» 3–4
    Ole’s über STOP
    \ufffd-sign e\u0323\u0301 ferries""".split()
)
GAPS = st.sampled_from(
    [" ", " ", " ", " ", "\n", "\n\n", "  ", "\u00a0", " – ", " — ", ". ", ", ", "\u200b ", "\r\n", " \u202e"]
)
HOSTILE = st.lists(st.tuples(WORDS, GAPS), min_size=4, max_size=40).map(
    lambda pairs: make_article("The town council met. " + "".join(word + gap for word, gap in pairs) + "and so on")
)
many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(HOSTILE, st.data())
@many
def test_any_whole_words_of_an_article_are_verified_at_an_occurrence_equal_to_them(
    article: Article, data: st.DataObject
) -> None:
    edges = [0, *(match.end() for match in re.finditer(r"\s+", article.text)), len(article.text)]
    first = data.draw(st.integers(0, len(edges) - 2))
    last = data.draw(st.integers(first + 1, len(edges) - 1))
    quote = article.text[edges[first] : edges[last]].strip()
    start = article.text.index(quote, edges[first])
    span = Span(article.id, start, start + len(quote))
    assume(re.search(r"\w", quote) and is_whole(article.text, span.start, span.end))
    assume(len({block.zone for block in blocks(article) if block.span.overlaps(span)}) == 1)
    assert find_quote(article, quote, start) == (V, (start, start + len(quote)))


@given(HOSTILE, st.integers(0, 40), st.integers(1, 6), st.sampled_from(["drop", "swap", "replace"]), WORDS)
@many
def test_a_quote_with_one_word_changed_in_its_middle_is_found_only_where_it_stands_so(
    article: Article, first: int, length: int, how: str, other: str
) -> None:
    words = article.text.split()
    quoted = words[first % len(words) :][: length + 2]
    assume(len(quoted) > 2)
    middle = len(quoted) // 2
    changed = {
        "drop": quoted[:middle] + quoted[middle + 1 :],
        "swap": [*quoted[: middle - 1], quoted[middle], quoted[middle - 1], *quoted[middle + 1 :]],
        "replace": [*quoted[:middle], other, *quoted[middle + 1 :]],
    }[how]
    found = find_quote(article, " ".join(changed))
    told = f" {' '.join(fold(article.text).text.split())} "
    assert (found is None) or f"{' '.join(fold(' '.join(changed)).text.split())}" in told


@given(
    HOSTILE, st.text(max_size=30) | st.lists(st.tuples(WORDS, GAPS), max_size=6).map(lambda p: "".join(map("".join, p)))
)
@many
def test_whatever_is_found_is_the_quote_itself_but_for_typography(article: Article, quote: str) -> None:
    found = find_quote(article, quote)
    if found:
        status, (start, end) = found
        told = article.text[start:end]
        assert told == quote.strip() if status is V else fold(told).text == fold(quote).text.strip()
        assert is_whole(article.text, start, end)


@given(st.text(max_size=60), st.integers(-5, 500))
@many
def test_no_claim_breaks_the_gate(quote: str, near: int) -> None:
    found = resolve_quote(ClaimedQuote(quote, BRIDGE.id, near), LIBRARY)
    assert found.status in Match


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("the " * 50_000, id="one-word"),
        pytest.param("The council met again on Friday. " * 6_000, id="one-sentence"),
        pytest.param("a\u0301" * 100_000, id="accents"),
        pytest.param(" " * 200_000 + "x", id="spaces"),
    ],
)
def test_a_quote_of_two_hundred_kilobytes_is_refused(quote: str) -> None:
    """Comparing each of its words with each of an article's would not come back from this."""
    assert gate(quote) in (Match.ALTERED, Match.ABSENT)


def test_a_word_that_stands_a_hundred_thousand_times_inside_others_is_not_found() -> None:
    article = make_article(f"{BRIDGE.text}\n\n{'banana. ' * 40_000}")
    assert find_quote(article, "nan") is None
