"""Which of the library's articles a table shows: those that match, in an order, so many of them. Knows no HTML."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.types import ArticleRow
from assistant.ui import markup

PAGE = 100  # rows that are shown at once, and how many more at a time


@dataclass(frozen=True, slots=True)
class Listing:
    """What a person has asked the table for."""

    words: str = ""
    publisher: str = ""
    status: str = ""
    copies: bool = True
    """Whether articles that nearly repeat another one are shown."""
    older: bool = False
    """Whether versions that a later one replaced are shown."""
    by: str = "date"
    """A key of SORTS."""
    descending: bool = True
    most: int = PAGE

    @property
    def narrowed(self) -> bool:
        """Whether words or filters may have left something out that a fresh table shows."""
        return bool(self.words.split() or self.publisher or self.status) or not self.copies


def sort_by(listing: Listing, name: Any) -> Listing:
    """Sorted by this column; a second time, the other way round. What names no column changes nothing."""
    if name not in SORTS:
        return listing
    descending = not listing.descending if listing.by == name else name in LATEST_FIRST
    return replace(listing, by=name, descending=descending, most=PAGE)


def matching(rows: Sequence[ArticleRow], listing: Listing) -> list[ArticleRow]:
    """The articles that the listing lets through, in its order; what an article lacks comes last either way."""
    wanted = _wanted(listing.words)
    found = [row for row in rows if _passes(row, listing) and (not wanted or _holds(row, wanted))]
    key = SORTS[listing.by]
    known = [row for row in found if key(row) is not None]
    unknown = [row for row in found if key(row) is None]
    return [*sorted(known, key=key, reverse=listing.descending), *unknown]


def _passes(row: ArticleRow, listing: Listing) -> bool:
    return (
        (listing.older or row.current)
        and (listing.copies or not row.duplicate_of)
        and listing.publisher in ("", row.facts.publisher)
        and listing.status in ("", row.facts.status)
    )


_MONTH = f"(?:{'|'.join(calendar.month_name[1:])})".casefold()
_DATE = re.compile(rf"\b(?:\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{4}})\b")


def _wanted(words: str) -> list[re.Pattern[str]]:
    """What an article has to hold: every word, anywhere, and a date as the page shows it ("25 May 2022") whole."""
    text = " ".join(_folded(words).split())
    dates = [re.compile(rf"\b{date}\b") for date in _DATE.findall(text)]
    return [*dates, *(re.compile(re.escape(word)) for word in _DATE.sub(" ", text).split())]


def _holds(row: ArticleRow, wanted: Sequence[re.Pattern[str]]) -> bool:
    """Whether title, publisher, author, date (as 2022-05-25 and as it is shown), status or a source id holds all of it."""
    facts = row.facts
    day = f"{facts.published}\n{markup.day(facts.published)}" if facts.published else ""
    told = (facts.title, facts.publisher, facts.author, day, facts.status, *row.source_ids)
    text = _folded("\n".join(str(one) for one in told if one))
    return all(one.search(text) for one in wanted)


def _folded(text: str) -> str:
    """Without case and accents: somebody who looks for "cafe" means "café" as well."""
    if text.isascii():
        return text.casefold()
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


SORTS: Mapping[str, Callable[[ArticleRow], Any]] = {
    "title": lambda row: _folded(row.facts.title) if row.facts.title else None,
    "publisher": lambda row: _folded(row.facts.publisher) if row.facts.publisher else None,
    "date": lambda row: row.facts.published,
    "passages": lambda row: row.passages,
}
LATEST_FIRST = frozenset({"date", "passages"})  # columns whose first order is the falling one
