"""Text and metadata to an Article: canonical text, id, language, zones, status; or the reason why it is no article.

Every loader ends here, so that the same text is the same article whatever file it came in. Knows no file format.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import UnreadableArticle
from assistant.text import NORMALISER, canonical_text
from assistant.types import Article, Section, Span, Status, Zone
from assistant.zones import VERSION as ZONES
from assistant.zones import find_zones

MAX_BYTES = 5_000_000
_MAX_LINE = 200_000
_MAX_REPLACED = 0.1  # share of U+FFFD above which a text was decoded in vain


def make_article(
    text: str,
    *,
    title: str | None = None,
    url: str | None = None,
    publisher: str | None = None,
    author: str | None = None,
    published: str | date | None = None,
    language: str | None = None,
    status: Status | str | None = None,
    source_id: str | None = None,
    pages: Sequence[int] = (),
    retrieved: datetime | None = None,
    headline: str | None = None,
) -> Article:
    """The article that `text` is. Raises UnreadableArticle with the reason when it is none.

    Metadata that is empty or makes no sense becomes None, never a guess; the publisher is the URL's host if not given.
    `language` and `status` are found in the text when None. `headline` is the line of the text that is one, where that
    is not the title. `pages` are offsets in the canonical text.
    """
    text = canonical_text(text)
    title, author = _clean(title), _clean(author)
    refuse_unreadable(text, title)
    id = hashlib.sha256(text.encode()).hexdigest()
    zones = find_zones(text, headline or title, author)
    return Article(
        id=id,
        text=text,
        title=title,
        url=_clean(url),
        publisher=_clean(publisher) or publisher_of(url),
        author=author,
        published=parse_date(published),
        retrieved=retrieved,
        language=_language_code(language) or detect_language(text),
        sections=tuple(Section(Span(id, start, end), zone) for start, end, zone in zones),
        status=_status(status) if status else _status_in(text, title, zones),
        source_id=_clean(source_id),
        pages=tuple(pages),
        fingerprint=fingerprint(),
    )


@lru_cache
def fingerprint() -> str:
    """The versions of the code that makes text, sections and language."""
    from importlib.metadata import version

    return f"{NORMALISER}+{ZONES}+py3langid-{version('py3langid')}"


def _clean(value: str | None) -> str | None:
    return " ".join(canonical_text(value).split()) or None if value else None


def publisher_of(url: str | None) -> str | None:
    """The host that serves `url`, without www."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


# --- Reasons to refuse ------------------------------------------------------------------------------------------------

_COOKIE_WALL = re.compile(
    r"(?:we|our partners) (?:and our (?:\d+ )?partners )?(?:use|store|need|process)[^.]{0,60}\b(?:cookies|data)\b"
    r"|th(?:is|e) (?:web)?(?:site|page) uses cookies|we value your privacy|before you continue"
    r"|your privacy (?:choices|matters)"
    r"|wir (?:und unsere (?:\d+ )?partner )?(?:verwenden|nutzen|brauchen)[^.]{0,40}\bcookies"
    r"|utilizamos cookies|nous utilisons des cookies",
    re.IGNORECASE,
)
_CONSENT_BUTTON = re.compile(
    r"\b(?:accept|reject|allow|decline|refuse) (?:all|cookies|and)\b|\bi (?:accept|agree|do not accept)\b|\bgot it\b"
    r"|\bmanage (?:\w+ )?(?:preferences|settings|choices|options|cookies)|\bcookie (?:settings|preferences)\b"
    r"|continue without accepting"
    r"|alle akzeptieren|akzeptieren und weiter|aceptar todo|tout accepter|zustimmen",
    re.IGNORECASE,
)
_ERROR_PAGE = re.compile(
    r"\A\W*(?:error )?(?:4(?:0[0-9]|10|29)|50[0-4])(?:\W*[-–—:|]|\W*(?:\n|\Z)| (?:error|not found|page"
    r"|forbidden|gone|internal|bad|service))"
    r"|\A\W*(?:not found|access denied|forbidden|just a moment|service unavailable|bad gateway"
    r"|attention required)\W*(?:\n|\Z)"
    r"|\b(?:page|file) (?:was |is )?not found\b|\brequested (?:url|resource|address|file|page) .{0,60}\bnot found\b"
    r"|\bpage (?:that )?(?:you(?:['’]re| are| were)? (?:looking for|requested)|requested)"
    r"|\bpage (?:cannot|can['’]?t|could not|couldn['’]t|does not|doesn['’]t|no longer) (?:be found|exists?)"
    r"|\b(?:verify|prove|confirm) (?:that )?you are (?:a )?(?:human|not a robot)|\bare you a robot\b"
    r"|\benable javascript\b|\bseite (?:wurde )?nicht gefunden|página no encontrada|page introuvable",
    re.IGNORECASE,
)


def refuse_unreadable(text: str, title: str | None = None) -> None:
    """Raise UnreadableArticle, with the reason in a sentence, for canonical text that is no article."""
    reason = _size_reason(text) or _noise_reason(text) or _page_reason(text, title or "")
    if reason:
        raise UnreadableArticle(reason)


def _size_reason(text: str) -> str | None:
    if not text or text.isspace():
        return "It is empty."
    size = len(text) if text.isascii() else len(text.encode())
    if size > MAX_BYTES:
        return f"Its text is {size / 1e6:.1f} MB; the limit is {MAX_BYTES // 1_000_000} MB."
    return next((_line_reason(line) for line in text.split("\n") if len(line) > _MAX_LINE and _line_reason(line)), None)


def _line_reason(line: str) -> str | None:
    """Prose, even on one line, ends a sentence now and then and has spaces between its words."""
    ends = sum(line.count(mark) for mark in (". ", "? ", "! ", ".” ", '." ', "。", "؟", "।"))
    spaces = line.count(" ")
    ideographic = line.count("。") > len(line) / 2000
    if ends < len(line) / 4000 or (spaces < len(line) / 40 and not ideographic):
        return f"It is one line of {len(line) // 1000} kB without sentences."
    return None


def _noise_reason(text: str) -> str | None:
    if text.count("\ufffd") > _MAX_REPLACED * len(text):
        return "Most of its characters can't be decoded; save it as UTF-8."
    if not any(char.isalpha() for char in text):
        return "It holds no words."
    return None


def _page_reason(text: str, title: str) -> str | None:
    """Walls and error pages are short: a long text that has the same words is an article about them."""
    if len(text) < 1500 and _COOKIE_WALL.search(text) and _CONSENT_BUTTON.search(text):
        return "It is a cookie wall, not an article; save the page from a browser after consenting."
    if len(text) < 700 and (_ERROR_PAGE.search(text) or _ERROR_PAGE.search(title)):
        return "It is an error page, not an article; check the address."
    return None


# --- Status -----------------------------------------------------------------------------------------------------------

_RETRACTED = re.compile(
    r"(?-i:RETRACTED\b)|retracted:|retraction(?: notice)?:|this (?:article|story|report) (?:has been|was"
    r"|is) (?:retracted|withdrawn)\b"
    r"|(?:editor[’']?s?|publisher[’']s)[’']? (?:note|notice)\b.{0,300}?(?:\bretract(?:s|ed)? (?:this"
    r"|the) (?:article|story|report)"
    r"|\bthis (?:article|story|report) (?:has been|was|is) (?:retracted|withdrawn))",
    re.IGNORECASE | re.DOTALL,
)
_RETRACTED_TITLE = re.compile(r"\W?(?:RETRACTED\b|[Rr]etracted(?: article)?:)")


def _status(value: Status | str) -> Status:
    try:
        return Status(value.strip().lower())
    except ValueError:
        known = ", ".join(status.value for status in Status)
        raise UnreadableArticle(f"Its status is {value!r}; known: {known}.") from None


def _status_in(text: str, title: str | None, zones: Sequence[tuple[int, int, Zone]]) -> Status:
    """Retracted by a notice at its very top, corrected by a correction of its own; satire does not say so."""
    lead = [line for line in text[:3000].split("\n") if line.strip()][:3]
    if any(_RETRACTED.match(line.strip()) for line in lead) or (title and _RETRACTED_TITLE.match(title)):
        return Status.RETRACTED
    return Status.CORRECTED if any(zone is Zone.CORRECTION for *_, zone in zones) else Status.CURRENT


# --- Language ---------------------------------------------------------------------------------------------------------

_FIRST_LOOK, _SURE = 300, 0.99
_SAMPLE = 1000
_FEWEST_LETTERS = 60
_LEAST_SURE = 0.8  # 2,656 news articles scored 0.99 and more on 1,000 characters, lists of names below 0.3


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code; None for short text and where the detector is unsure.

    The first 300 characters tell it nearly always; where they leave a doubt, the first thousand do.
    """
    if sum(map(str.isalpha, text[:_SAMPLE])) < _FEWEST_LETTERS:
        return None
    code, probability = _detector().classify(text[:_FIRST_LOOK])
    if probability < _SURE:
        code, probability = _detector().classify(text[:_SAMPLE])
    return _language_code(code) if probability >= _LEAST_SURE else None


@lru_cache
def _detector() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _language_code(value: str | None) -> str | None:
    """ "en-GB" and "EN" are "en"; what is no two-letter code is unknown."""
    code = re.split(r"[-_]", value.strip(), maxsplit=1)[0].lower() if value else ""
    return code if re.fullmatch("[a-z]{2}", code) else None


# --- Dates ------------------------------------------------------------------------------------------------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero",
            "feb february februar février fevrier febrero",
            "mar march märz maerz mars marzo",
            "apr april avril abril",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet julio",
            "aug august août aout agosto",
            "sep sept september septembre septiembre",
            "oct okt october oktober octobre octubre",
            "nov november novembre noviembre",
            "dec dez december dezember décembre decembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|er|\.)?[ -](?:of |de )?([^\W\d_]+)\.?,?[ -](?:de |del )?(\d{4})\b")
_MONTH_DAY = re.compile(r"\b([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")


def parse_date(value: str | date | None) -> date | None:
    """The calendar day as printed, or None.

    Reads ISO 8601, RFC 2822 and dates with the month's name (English, German, French, Spanish). A date that could be
    two days (03/04/2025), has no year, or stands beside a different one is None.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    value = value.strip()[:200]
    iso = _ISO.match(value)
    if iso:
        return _day(*iso.groups())
    days = {_day(year, _month(month), day) for day, month, year in _DAY_MONTH.findall(value)}
    days |= {_day(year, _month(month), day) for month, day, year in _MONTH_DAY.findall(value)}
    days |= {_numeric_day(*parts) for parts in _NUMERIC.findall(value)}
    return days.pop() if len(days) == 1 else None


def _month(name: str) -> int:
    return _MONTHS.get(name.casefold(), 0)


def _day(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _numeric_day(first: str, second: str, year: str) -> date | None:
    readings = {_day(year, first, second), _day(year, second, first)} - {None}
    return readings.pop() if len(readings) == 1 else None
