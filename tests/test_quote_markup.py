"""What became of a quotation, as the page tells it: first the words that it is about."""

from __future__ import annotations

import pytest
from test_ui_markup import XSS, assert_only_ours, read

from assistant.types import QuoteCheck, QuoteStatus
from assistant.ui.quote_markup import quote_html


@pytest.mark.parametrize(
    ("by", "head"),
    [
        pytest.param(None, "these wordsNot in the articles", id="by anybody"),
        pytest.param("Ruth Ollerton", "these wordsSaid by Ruth Ollerton?Not in the articles", id="by somebody"),
    ],
)
def test_the_quotation_and_whose_it_should_be_come_first(by: str | None, head: str) -> None:
    told = read(quote_html(QuoteCheck("these words", by, QuoteStatus.ABSENT, "Why."), {})).text
    assert told.startswith(head)


@pytest.mark.parametrize("payload", XSS)
def test_what_was_asked_stays_text(payload: str) -> None:
    html = quote_html(QuoteCheck(payload, payload, QuoteStatus.ABSENT, payload), {})
    assert_only_ours(html)
    assert read(html).text.startswith(f"{payload}Said by {payload}?")
