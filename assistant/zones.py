"""An article's text to its zones: headline, byline, body and its quotations, caption, correction, comment, boilerplate.

Works line by line on what a newsroom's page leaves in its text, without knowing the page. In doubt a line is body: a
menu taken for reporting costs a little precision, reporting taken for a menu is evidence lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.types import Zone

VERSION = "zones-1"  # part of every article's fingerprint: raise it when find_zones changes what it returns

ZonedRange = tuple[int, int, Zone]

_HEAD_BLOCKS = 6  # headline, byline and dateline stand among the first few lines or nowhere
_WRAPPED = range(45, 101)  # how long the lines of a hard-wrapped paragraph are
_SHORT = 450  # no label, link or sign-up line is longer; a longer line is prose
_TAIL = 160  # how much of a line's end can hold a picture credit
_MAX_RELATED = 12


@dataclass(frozen=True, slots=True)
class _Block:
    """A line, or the lines of one hard-wrapped paragraph, without the white space around it."""

    start: int
    end: int
    text: str


def find_zones(text: str, headline: str | None = None, author: str | None = None) -> tuple[ZonedRange, ...]:
    """The zones of canonical text, in order; each range starts and ends on a visible character.

    Neighbouring lines of one zone are one range. Together the ranges cover every character that is no white space and
    do not overlap, but for quotations: each lies inside a body range, follows it in the result, and holds the words
    between the marks, three at least. A line near the top that says what `headline` or `author` says is named for it.
    """
    blocks = _split_blocks(text)
    zones = [_zone_of(block.text) for block in blocks]
    _mark_head(blocks, zones, headline, author)
    _mark_related_lists(blocks, zones)
    _mark_comments(blocks, zones)
    return tuple(_ranges(blocks, zones))


def headline_of(text: str) -> str | None:
    """The first line, where it can be nothing but a headline: a few words, no full stop, longer prose after it."""
    blocks = _split_blocks(text[:5000])
    if len(blocks) < 2:
        return None
    first = blocks[0].text
    short = 3 <= len(first.split()) <= 20 and len(first) <= 140 and "\n" not in first
    unfinished = first.endswith((".", ":", ",", ";", "-", "–", "—"))
    prose = any(len(block.text) > len(first) and _SENTENCE_END.search(block.text) for block in blocks[1:4])
    return first if short and not unfinished and prose and _zone_of(first) is Zone.BODY else None


def _split_blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    offset, goes_on = 0, False
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = blocks.pop().start if goes_on else offset + len(line) - len(line.lstrip())
            end = offset + len(line.rstrip())
            blocks.append(_Block(start, end, text[start:end]))
        offset += len(line) + 1
        goes_on = bool(stripped) and len(line) in _WRAPPED and text[offset : offset + 1].islower()
    return blocks


_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*$")


# --- What a line says it is -------------------------------------------------------------------------------------------

_NAME = r"[^\W\d_][\w.'’-]*"
_SIGN_UP = r"(?:sign up|subscribe|register now|join us|click here|follow (?:us|our))\b"
_LINK_LABEL = (
    r"(?:read|see|watch|listen|learn|find out) more|more(?: from [\w.’' ]{2,40})?|read|see also|also read|read also"
    r"|related(?: (?:stor(?:y|ies)|articles?|content|reading|links?))?|watch|don[’']t miss|in case you missed it"
    r"|lesen sie auch|mehr zum thema|lea también|lea además|lire aussi|à lire aussi|leggi anche|lees ook"
)
_CAPTIONS = (
    r"\(?(?:photos?|pictured?|image|photograph|file photo|caption|foto|bild)(?: credit| by)?:.*",
    r"\(?(?:photo|image|picture|photograph)s? (?:by|courtesy|credit)\b[^.!?]*$",
    r"(?:show|hide) caption\b.{0,20}$",
)
_CORRECTIONS = (
    (
        r"(?:corrections?|corrected|clarifications?|retraction|erratum|korrektur|berichtigung|corrección|rectificación"
        r"|correctif|rectificatif|correzione|rettelse)"
        r"(?:(?: (?:and|&)|/|,) ?(?:corrections?|clarifications?))?(?:[ ,(]+[^:.!?]{0,40})? ?:.*"
    ),
    (
        r"(?:editor[’']?s?[’']?|publisher[’']s) (?:note|notice)\b[^:]{0,80}:.*"
        r"(?:\b(?:earlier|previous|original|prior) version|\bretract|\bwithdrawn?\b|\bmisstated\b|\bincorrectly\b"
        r"|\b(?:updated|amended) to (?:correct|clarify|reflect)).*"
    ),
    r"an? (?:earlier|previous|original) version of this (?:story|article|report|headline|column|post)\b.*",
    r"this (?:story|article|report|piece|post) (?:has been|was|is) (?:retracted|withdrawn|corrected)\b.*",
    (
        r"this (?:story|article|report|piece|post) (?:has been|was) (?:updated|amended|changed) to"
        r" (?:correct|clarify|reflect|fix)\b.*"
    ),
)
_BYLINES = (
    r"contribut(?:ing|ors?): .*",
    r"[^!?]{3,160}\bcontributed to this (?:report|story|article)[^.]{0,60}\.?$",
    rf"(?:--|—|–|−|‒) ?{_NAME}(?: {_NAME}){{1,3}}$",
    r"from (?:[\w ]{1,30} )?(?:staff|wire|network)(?: and (?:staff|wire))? reports\.?$",
)
_BOILERPLATE = (
    r"how relevant is this ad\b.*",
    r"(?:video )?ad feedback\b.*",
    r"(?:advertisement|anzeige|werbung|publicidad|publicité|sponsored content)(?:[ -]+article continues below)?$",
    r"(?:the |this )?(?:story|article|post) continues (?:below|after)\b.{0,60}$",
    rf"(?:{_LINK_LABEL}) ?:.*",
    r"read more(?: here)?\.?$",
    rf"{_SIGN_UP}.*\b(?:newsletters?|inbox|e-?mail|updates|subscri\w+|account|facebook|twitter|today\W*$).*",
    rf"{_SIGN_UP}(?: (?:here|now|today|for free))?[.!]?$",
    rf"\W{{0,2}}[^.!?:]{{3,60}}: ?{_SIGN_UP}.*",
    (
        r"\W{0,2}(?:you can (?:also )?(?:get|subscribe|sign up)|want|like what you|get|enjoy(?:ing)?)\b"
        r".*\b(?:newsletters?|inbox|sign up here|subscribe here)\b.*"
    ),
    r"[^.!?]{0,200}[.!?:]? ?(?:sign up|subscribe)(?: to the newsletter)? here ?[.!]?\)?$",
    r"[^.!?:]{3,60}newsletter ?:.*",
    r"a version of this (?:story|article).{0,120}\bnewsletter\b.*",
    r"(?:support (?:strong |quality |independent )?(?:local )?journalism|thank you for (?:supporting|subscribing))\b.*",
    r"become a (?:subscriber|member)\b.{0,60}$",
    (
        r"(?:follow|like|find|join) (?:us|me|him|her|them|our|@\w+|usa today)\b.{0,120}"
        r"\b(?:on|twitter|facebook|instagram)\b.*"
    ),
    r"follow .{2,80}\bon (?:twitter|facebook|instagram|linkedin|threads|bluesky|x)\b.*",
    r"(?:contact|reach|e-?mail|tweet|write to)\b.{0,200}@\w+.*",
    r"[\w.+-]+@[\w-]+\.[\w.]+$",
    r"share(?: this)?(?: (?:article|story|page|post))?(?: (?:on|via|with) .{2,60})?$",
    (
        r"(?:(?:facebook|twitter|x|whatsapp|linkedin|e-?mail|print|pinterest|reddit|telegram|tweet|copy link|share)"
        r"(?:[ |,·•/]+|$))+$"
    ),
    (
        r"(?:skip to (?:main )?content|menu|navigation|log ?in|sign in|home|search|close|back to top"
        r"|cookie (?:settings|policy)|privacy (?:policy|notice)|terms (?:of|and) (?:use|service|conditions)"
        r"|all rights reserved|comments are closed|no comments|0 comments)\.?$"
    ),
    r"(?:©|copyright (?:©|\(c\)|\d{4})).{0,160}$",
    (
        r"editor[’']?s?[’']? note: (?:for the latest|find the latest|follow|read|see|sign up|this page (?:recaps"
        r"|reflects))"
        r".*"
    ),
    r".{2,60} is an? [\w ]{2,40}content partner\b.*",
    r"[^.]{0,80}purchases (?:you make|made) through (?:our )?links\b.*",
    r"prices were accurate at the time\b.*",
    r"[\W_]{3,}$",
)


def _any(patterns: tuple[str, ...]) -> str:
    return "|".join(patterns)


_LINE = re.compile(
    rf"(?P<caption>{_any(_CAPTIONS)})|(?P<correction>{_any(_CORRECTIONS)})|(?P<byline>{_any(_BYLINES)})"
    rf"|(?P<boilerplate>{_any(_BOILERPLATE)})",
    re.IGNORECASE | re.DOTALL,
)
# A link whose space after the label was lost with its mark-up, as "TAX SEASON:What to know".
_GLUED_LABEL = re.compile(r"\W{0,2}(?:[A-Z][^a-z:\n]{3,60}|[^\W\d][^:.!?\n]{3,60}):(?=[\"'“‘]?[A-Z])\S+(?: \S+){3,}")
_AGENCIES = (
    r"(?:Getty(?: Images)?|AP(?: Photo)?|AFP|Reuters|REUTERS|EPA(?:-EFE)?|Shutterstock|Alamy|PA|Zuma|ZUMA|CNN"
    r"|Bloomberg|Xinhua|dpa)"
)
_CREDIT = re.compile(
    rf"(?:/ ?|\bvia ){_AGENCIES}(?:/(?:File|FILE|Pool|POOL|{_AGENCIES}))*$"
    rf"|\((?:Photo|Image|Picture|Foto)(?: credit)?(?: by|:)[^()]*\)$|\([^()]{{0,80}}(?:/ ?|via ){_AGENCIES}\)$"
)
_GALLERY = re.compile(rf"Hide Caption \d|/{_AGENCIES} (?=[A-Z])")


def _zone_of(line: str) -> Zone:
    if len(line) > _SHORT:
        return Zone.CAPTION if _is_gallery(line) else _zone_of_long(line)
    match = _LINE.match(line)
    if match and match.lastgroup:
        return Zone(match.lastgroup)
    if _CREDIT.search(line[-_TAIL:]):
        return Zone.CAPTION
    if _GLUED_LABEL.match(line) and not line.endswith((".", ".”", '."')):
        return Zone.BOILERPLATE
    return Zone.BODY


def _is_gallery(line: str) -> bool:
    return bool(_CREDIT.search(line[-_TAIL:]) or "Hide Caption" in line[-40:]) and len(_GALLERY.findall(line)) > 1


_LONG = re.compile(_any(_CORRECTIONS[:2]), re.IGNORECASE | re.DOTALL)


def _zone_of_long(line: str) -> Zone:
    return Zone.CORRECTION if len(line) < 4 * _SHORT and _LONG.match(line) else Zone.BODY


# --- The top of the page ----------------------------------------------------------------------------------------------

_CAPITALISED = r"[^\W\d_a-z][\w.'’-]*"
_PERSON = rf"{_CAPITALISED}(?: (?:de|van|von|del|bin|al|{_CAPITALISED})){{1,3}}"
_PERSONS = rf"{_PERSON}(?:(?:, | and | & |, and ){_PERSON}){{0,4}}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}}\.? {_MONTH},? \d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
)
_HEAD_BYLINE = re.compile(
    rf"(?i:by|von|por|par|di|story by|words by) {_PERSONS}(?:(?:,| \||  ?[-–—]) ?[^.!?]{{1,60}})?$"
    rf"|(?i:(?:first |last )?(?:published|updated|posted|veröffentlicht|aktualisiert|publié|publicado)\b[^.!?]{{0,20}}?"
    rf"(?:{_DATE}|\d{{1,2}}[:.]\d\d)[^!?]{{0,60}})$"
    rf"|(?i:(?:[a-zéäöü]+,? )?{_DATE}(?:[ ,|·T–-]+(?:at )?\d{{1,2}}[:.]\d\d[^!?]{{0,20}})?)$"
)
_AGENCY_LINE = re.compile(
    r"(?:[A-Z][\w., ]{1,40} )?\(?(?:The )?(?:Associated Press|AP|AFP|Reuters|CNN(?: Business| Underscored)?"
    r"|USA TODAY(?: Sports| NETWORK| Network)?"
    r"|Staff [Ww]riters?|Staff [Rr]eporters?)\)?(?: ?[—–-]+)?$"
)
_PERSON_LINE = re.compile(rf"{_PERSONS}$")


def _mark_head(blocks: list[_Block], zones: list[Zone], headline: str | None, author: str | None) -> None:
    """Name the headline and the byline lines among the first few, in place."""
    for i, block in enumerate(blocks[:_HEAD_BLOCKS]):
        if len(block.text) > _SHORT or zones[i] is not Zone.BODY:
            continue
        if headline and is_headline(block.text, headline):
            zones[i] = Zone.HEADLINE
        elif _HEAD_BYLINE.match(block.text) or (author and _key(block.text) == _key(author)):
            zones[i] = Zone.BYLINE
        elif _AGENCY_LINE.match(block.text):
            zones[i] = Zone.BYLINE
            if i and zones[i - 1] is Zone.BODY and _PERSON_LINE.match(blocks[i - 1].text):
                zones[i - 1] = Zone.BYLINE


def is_headline(line: str, headline: str) -> bool:
    """Whether the line says the headline, which metadata cut short ("...") or lengthen (" | Publisher")."""
    shown, given = _key(line), _key(headline)
    if not shown or not given:
        return False
    cut = headline.rstrip().endswith(("...", "…")) and shown.startswith(given)
    lengthened = len(shown) >= 15 and given.startswith(shown) and len(given) - len(shown) <= 40
    return shown == given or cut or lengthened


def _key(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().casefold()


# --- Lists of links ---------------------------------------------------------------------------------------------------

_LIST_LABEL = re.compile(
    rf"\W{{0,2}}(?:{_LINK_LABEL}|most (?:read|popular)|recommended(?: for you)?|trending(?: now)?|you may also like"
    r"|what to read next|more top (?:reads|stories)(?: from [\w.’' ]{2,40})?) ?(:?)$",
    re.IGNORECASE,
)


def _mark_related_lists(blocks: list[_Block], zones: list[Zone]) -> None:
    """A label that stands alone ("Related stories:") takes the headlines under it along, in place."""
    for i, block in enumerate(blocks):
        label = _LIST_LABEL.match(block.text) if len(block.text) < 80 else None
        if not label:
            continue
        links = 0
        for j in range(i + 1, min(i + 1 + _MAX_RELATED, len(blocks))):
            if not _looks_like_link(blocks[j].text):
                break
            links += 1
        if links > 1 or label[1]:
            zones[i : i + 1 + links] = [Zone.BOILERPLATE] * (1 + links)


def _looks_like_link(line: str) -> bool:
    return (
        len(line) <= 140
        and not _SENTENCE_END.search(line)
        and not line.endswith((":", ",", ";"))
        and line.count(" ") > 1
    )


# --- Reader comments --------------------------------------------------------------------------------------------------

_COUNT = re.compile(
    r"(?:(?:view |show )?(?:all )?(\d[\d.,]*) (?:reader )?(?:comments?|responses?|replies|thoughts|kommentare?"
    r"|comentarios?"
    r"|commentaires?)(?: (?:on|to|zu) .{1,200})?|comments? ?\((\d[\d.,]*)\)) ?:?$",
    re.IGNORECASE,
)
_COMMENTS_LABEL = re.compile(
    r"(?:(?:reader |your |all |latest )?comments|leave a (?:reply|comment)|post a comment"
    r"|join the (?:conversation|discussion)"
    r"|kommentare|comentarios|commentaires) ?:?$",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"reply ?delete|(?:reply|delete|like ?(?:[·|•] ?)?reply|reply ?(?:[·|•] ?)?(?:like|share|report)|antworten"
    r"|responder|répondre)"
    r"(?: ?[·|•(].{0,30})?$",
    re.IGNORECASE,
)
_SAYS = re.compile(r".{2,60} (?:says|said|wrote|sagt|schrieb|dice|dijo|dit) ?:$", re.IGNORECASE)


def _mark_comments(blocks: list[_Block], zones: list[Zone]) -> None:
    """The readers' comments that a blog's page leaves under its article, in place.

    They start at a line with their count, or at a label, and reach to the end. A word or a heading is no proof: there
    must be markers between the comments ("Reply", "Jane says:"), or at least a count that fits what follows it.
    """
    replies = [i for i, block in enumerate(blocks) if len(block.text) < 5000 and _REPLY.match(block.text)]
    start = _counted_start(blocks, replies)
    if start is None and replies:
        start = _uncounted_start(blocks, replies)
    if start is not None:
        end = _comments_end(blocks, start, replies)
        zones[start:end] = [Zone.COMMENT] * (end - start)


def _counted_start(blocks: list[_Block], replies: list[int]) -> int | None:
    signatures = [i for i, block in enumerate(blocks) if len(block.text) < 80 and _SAYS.match(block.text)]
    last_marker = max([-1, *replies[-1:], *signatures[-1:]])
    for i, block in enumerate(blocks[:-1]):
        count = _COUNT.match(block.text) if len(block.text) < 240 else None
        if not count:
            continue
        number = int(re.sub(r"\D", "", count[1] or count[2])[:9])
        fits = i >= len(blocks) / 2 and len(blocks) - i - 1 <= 3 * number
        if fits or last_marker > i:
            return i
    return None


def _uncounted_start(blocks: list[_Block], replies: list[int]) -> int | None:
    """The label over the first marker, else the one comment that the first marker stands under."""
    for i, block in enumerate(blocks[: replies[0]]):
        if len(block.text) < 40 and _COMMENTS_LABEL.match(block.text):
            return i
    glued = any(blocks[i].text.casefold().startswith("replydelete") for i in replies)
    return max(replies[0] - 1, 1) if glued or len(replies) > 1 else None


def _comments_end(blocks: list[_Block], start: int, replies: list[int]) -> int:
    """The end of the text; but the last marker, where so much follows it that the article must go on."""
    last = max((i for i in replies if i > start), default=len(blocks) - 1)
    rest = sum(len(block.text) for block in blocks[last + 2 :])
    return last + 1 if rest > 1500 else len(blocks)


# --- Sections ---------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(
    '“([^“”"]+)[”"]|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«'
    r"|(?<![\w\"])"
    '"(?=\\S)([^"“]+)(?<!\\s)["”]'
    r"(?![\w\"])"
)
_MARKS = frozenset('“„«»"')


def _ranges(blocks: list[_Block], zones: list[Zone]) -> Iterator[ZonedRange]:
    """Runs of blocks of one zone; the quotations of a body run come after it."""
    i = 0
    while i < len(blocks):
        j = i + 1
        while j < len(blocks) and zones[j] is zones[i]:
            j += 1
        yield blocks[i].start, blocks[j - 1].end, zones[i]
        if zones[i] is Zone.BODY:
            for k in range(i, j):
                following = blocks[k + 1].text if k + 1 < j else ""
                yield from _quotations(blocks[k], following)
        i = j


def _quotations(block: _Block, following: str) -> Iterator[ZonedRange]:
    if _MARKS.isdisjoint(block.text):
        return
    last = 0
    for match in _QUOTED.finditer(block.text):
        last = match.end()
        yield from _quotation(block, *match.span(match.lastindex or 0))
    yield from _unclosed_quotation(block, last, following)


def _unclosed_quotation(block: _Block, start: int, following: str) -> Iterator[ZonedRange]:
    """A quotation that runs over paragraphs is opened in each and closed in the last only."""
    mark = following[:1]
    if mark and mark in '“"«„':
        opened = block.text.find(mark, start)
        if opened >= 0 and not block.text[:opened][-1:].isalnum():
            yield from _quotation(block, opened + 1, len(block.text))


def _quotation(block: _Block, start: int, end: int) -> Iterator[ZonedRange]:
    words = block.text[start:end]
    if len(words.split(None, 2)) == 3 and not _is_title(words):
        left = len(words) - len(words.lstrip())
        yield (
            block.start + start + left,
            block.start + start + len(words.rstrip()),
            Zone.QUOTATION,
        )


def _is_title(words: str) -> bool:
    """Whether the marks are round the name of a work, all of whose longer words have capitals."""
    longer = [word for word in words.split() if len(word) > 3]
    return len(words) <= 80 and len(longer) > 1 and not any(word[0].islower() for word in longer)
