"""ClaimReview: what fact-checkers' readers require is there, and no label claims more than it means."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fact_checks import article, make_check, one_claim
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assistant.exports.claimreview import export
from assistant.types import Article, FactCheck, Label

SCHEMA = json.loads(Path(__file__).with_name("claimreview.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
QUOTE = "Nobody signed a document on Monday."


def document(check: FactCheck, articles: dict[str, Article] | None = None, **known: Any) -> Any:
    found = json.loads(export(check, articles or {}, **known))
    VALIDATOR.validate(found)
    return found


def judged(label: Label) -> FactCheck:
    return one_claim(QUOTE, article(), label=label)


def test_the_schema_is_a_schema_and_refuses_a_review_without_a_rating() -> None:
    VALIDATOR.check_schema(SCHEMA)
    review = document(judged(Label.REFUTED))
    assert not VALIDATOR.is_valid({key: value for key, value in review.items() if key != "reviewRating"})


@pytest.mark.parametrize(("label", "value"), [(Label.SUPPORTED, 5), (Label.REFUTED, 1)], ids=str)
def test_supported_is_the_best_rating_and_refuted_the_worst(label: Label, value: int) -> None:
    rating = document(judged(label))["reviewRating"]
    assert (rating["ratingValue"], rating["bestRating"], rating["worstRating"]) == (value, 5, 1)


@pytest.mark.parametrize("label", [Label.CONFLICTING, Label.NOT_ENOUGH], ids=str)
def test_a_claim_that_is_not_settled_has_a_name_and_no_number(label: Label) -> None:
    rating = document(judged(label))["reviewRating"]
    assert set(rating) == {"@type", "alternateName", "ratingExplanation"}
    assert not {"true", "false", "half"} & set(rating["alternateName"].lower().split())


def test_every_label_has_a_name_of_its_own() -> None:
    assert len({document(judged(label))["reviewRating"]["alternateName"] for label in Label}) == len(Label)


def test_a_review_is_marked_as_a_machine_draft() -> None:
    review = document(judged(Label.SUPPORTED))
    assert review["creativeWorkStatus"] == "Draft"
    assert "Machine draft" in review["description"]


def test_what_the_caller_knows_is_told_and_nothing_is_made_up() -> None:
    bare = document(judged(Label.REFUTED))
    assert not {"author", "url"} & set(bare)
    assert "appearance" not in bare["itemReviewed"]
    told = document(
        judged(Label.REFUTED),
        author="The Fact Desk",
        day=date(2025, 9, 1),
        url="https://desk.example/1",
        appearance="https://ledger.example/speech",
    )
    assert told["author"] == {"@type": "Organization", "name": "The Fact Desk"}
    assert told["datePublished"] == "2025-09-01"
    assert told["url"] == "https://desk.example/1"
    assert told["itemReviewed"]["appearance"]["url"] == "https://ledger.example/speech"


def test_several_claims_are_a_graph_and_claims_without_a_verdict_are_left_out() -> None:
    check, articles = make_check()
    reviews = document(check, articles)["@graph"]
    assert [review["itemReviewed"]["text"] for review in reviews] == [
        one.claim.text for one in check.claims if one.verdict
    ]
    assert len(reviews) == len(check.claims) - 1


def test_the_claim_reviewed_stands_alone_and_the_item_has_the_words_as_they_were() -> None:
    review = document(make_check()[0])["@graph"][1]
    assert review["claimReviewed"] == "A peace treaty was signed in Washington."
    assert review["itemReviewed"]["text"] == "A peace treaty was signed."


def test_only_articles_that_decide_are_cited() -> None:
    review = document(make_check()[0])["@graph"][0]
    assert [one["headline"] for one in review["citation"]] == ["Defence chiefs head for the Pentagon"]


@settings(deadline=None)
@given(st.text(min_size=1))
def test_no_text_leaves_the_script_element_that_the_json_stands_in(text: str) -> None:
    check = one_claim(QUOTE, article(), statement=f"{text}</script><!--", why=text)
    out = export(check, {})
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(out)
    out.encode("utf-8")
    VALIDATOR.validate(json.loads(out))
