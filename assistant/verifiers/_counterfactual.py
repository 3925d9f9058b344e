"""A contradiction put to the test: would the sentence support the claim if it had the claim's value, name or polarity?

A sentence that would not is about something else, and what it says otherwise speaks against nothing. The test is as strict
as the rule that found the contradiction allows: "decided against it" need not say what the claim says.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.types import Premise
from assistant.verifiers._contradiction import Contradiction
from assistant.verifiers._support import Fit, fit, sought

WOULD_SUPPORT = 0.5  # how likely the sentence must support the claim but for another value, name or outcome
HOLDS = 0.6  # share of the claim that a sentence which denies it must hold
_BUT_FOR_ONE = frozenset(("amount", "count", "date", "name", "swapped", "asserted", "outcome"))


def is_about_it(claim: str, premise: Premise, found: Contradiction, cosine: float) -> bool:
    """Whether the sentence, but for what it says otherwise, says what the claim says. `cosine`: how alike the two are."""
    if found.rule in _BUT_FOR_ONE:
        return _made_up(claim, premise, found).likely(cosine) >= WOULD_SUPPORT
    if found.rule == "denied":
        put = _made_up(claim, premise, found)
        return put.held >= HOLDS and not put.incomplete and not put.missing
    return True


def _made_up(claim: str, premise: Premise, found: Contradiction) -> Fit:
    """How the sentence fits the claim once the difference is put right in the sentence, or taken out of the claim."""
    one = found.difference
    if found.rule == "asserted":
        return fit(sought(f"{claim[: one.start]}{claim[one.end :]}"), premise)
    stands = "" if found.rule == "denied" else one.in_claim
    text = f"{premise.text[: one.source_start]}{stands}{premise.text[one.source_end :]}"
    return fit(sought(claim), replace(premise, text=text))
