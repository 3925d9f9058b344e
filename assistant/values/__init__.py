"""Text to the values in it that can be checked: numbers, dates and names, each with its place and what it is worth.

Numbers carry unit, bound, range and counted noun; dates are resolved against a day, relative ones too; names are capitalised
sequences without titles. Units are named alike ("km", "kilometres") and never converted. Rules and small tables, written for
English news; figures, months and currencies of German, Spanish and French are read as well.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from assistant.values.days import dates, speaks_of_future
from assistant.values.names import names, numbers_in_names
from assistant.values.numbers import numbers
from assistant.values.same import is_country, name_key, same_amount, same_name, same_unit, same_value
from assistant.values.value import Value
from assistant.values.words import free_tokens, is_german, language_beside, tokens_of

__all__ = [
    "Value", "find_values", "is_country", "language_beside", "name_key", "same_amount", "same_name", "same_unit", "same_value",
    "speaks_of_future",
]  # fmt: skip


def find_values(text: str, day: date | None = None, language: str | None = None) -> tuple[Value, ...]:
    """Every value in reading order; spans do not overlap.

    `day` is the day the text was published: "on Tuesday" counts from it and stays unresolved without it. `language` (ISO
    639-1) switches on number words and the decimal comma of "de", "es" and "fr".
    """
    return _find_values(text, day, language)


@lru_cache(maxsize=2048)
def _find_values(text: str, day: date | None, language: str | None) -> tuple[Value, ...]:
    tokens = tokens_of(text, language)
    found = list(dates(text, day, language))
    undated = free_tokens(tokens, found)
    named = numbers_in_names(text, tokens, undated)
    found += numbers(text, tokens, undated - named, language)
    found += names(text, tokens, free_tokens(tokens, found), named, is_german(text, language))
    return tuple(sorted(found, key=lambda value: value.start))
