"""SQuAD 1.1 and 2.0 to cases and articles: an article a title, its contexts joined by blank lines.

Gold is the sentence in which an answer stands, with its neighbours where those words stand in the article twice: the bare
answer ("34") would count wherever else it is said. `plausible_answers` are not read.
Rajpurkar et al., EMNLP 2016; Rajpurkar, Jia & Liang, ACL 2018.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.cases import EvalCase, GoldSpan
from assistant.converters._fields import BadRow, Fields, case_id, flag, text
from assistant.converters._rows import Row, head, json_document, read_cases
from assistant.errors import WrongUse
from assistant.sentences import split_sentences
from assistant.text import canonical_text
from assistant.types import Failure

_SQUAD = re.compile(rb'\s*\{[^\[]*"data"\s*:\s*\[.*"(?:paragraphs|qas)"\s*:', re.DOTALL)


def make() -> Squad:
    return Squad()


class Squad:
    def accepts(self, path: Path) -> bool:
        return bool(_SQUAD.match(head(path, 1 << 16).removeprefix(b"\xef\xbb\xbf")))

    def cases(self, path: Path) -> Iterator[EvalCase | Failure]:
        pages = _pages(path)
        contexts: dict[tuple[str, str], _Context] = {}
        return read_cases(path, _questions(pages), lambda row: _case(row, contexts))

    def articles(self, path: Path) -> Iterator[Mapping[str, Any]]:
        for page in filter(lambda page: page.text, _pages(path).values()):
            yield {"id": page.name, "title": page.name.replace("_", " "), "text": page.text}


@dataclass(frozen=True, slots=True)
class _Paragraph:
    place: str
    context: str
    qas: Sequence[Any]


@dataclass(slots=True)
class _Page:
    """All paragraphs of one title."""

    name: str
    paragraphs: list[_Paragraph] = field(default_factory=list)
    broken: list[Failure] = field(default_factory=list)
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Context:
    text: str
    sentences: Sequence[tuple[int, int]]


# -- reading


def _pages(path: Path) -> dict[str, _Page]:
    document = json_document(path)
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, list):
        raise WrongUse(f"{path} has no list `data`: it is no SQuAD file.", "Leave --format out to have it recognised.")
    pages: dict[str, _Page] = {}
    for index, item in enumerate(data):
        entry = item if isinstance(item, dict) else {}
        name = str(entry.get("title") or f"article-{index}").strip()
        _add_paragraphs(pages.setdefault(name, _Page(name)), entry, f"data[{index}]", path.name)
    for page in pages.values():
        page.text = "\n\n".join(canonical_text(paragraph.context) for paragraph in page.paragraphs)
    return pages


def _add_paragraphs(page: _Page, entry: Fields, place: str, file: str) -> None:
    paragraphs = entry.get("paragraphs")
    if not isinstance(paragraphs, list):
        page.broken.append(Failure(f"{file}:{place}", "has no list `paragraphs`"))
        return
    for index, paragraph in enumerate(paragraphs):
        here = f"{place}.paragraphs[{index}]"
        context, qas = (paragraph.get(key) if isinstance(paragraph, dict) else None for key in ("context", "qas"))
        if isinstance(context, str) and context.strip() and isinstance(qas, list):
            page.paragraphs.append(_Paragraph(here, context, qas))
        else:
            page.broken.append(Failure(f"{file}:{here}", "has no `context` with a list `qas`"))


def _questions(pages: Mapping[str, _Page]) -> Iterator[Row | Failure]:
    number = 0
    for page in pages.values():
        yield from page.broken
        for paragraph in page.paragraphs:
            for index, asked in enumerate(paragraph.qas):
                number += 1
                fields = {"page": page, "context": paragraph.context, "asked": asked}
                yield Row(number, f"{paragraph.place}.qas[{index}]", fields)


# -- one question


def _case(row: Row, contexts: dict[tuple[str, str], _Context]) -> EvalCase:
    page, asked = row.value["page"], row.value["asked"]
    if not isinstance(asked, dict):
        raise BadRow(f"is a JSON {type(asked).__name__}, not an object")
    name, question = case_id(asked, f"question-{row.number}"), text(asked, "question").strip()
    if flag(asked, "is_impossible", False):
        return EvalCase(id=name, question=question, answerable=False)
    key = page.name, row.value["context"]
    if key not in contexts:
        contexts[key] = _Context(key[1], split_sentences(key[1]))
    found = [_answer(answer, contexts[key], page) for answer in _answers(asked)]
    return EvalCase(
        id=name,
        question=question,
        answers=tuple(dict.fromkeys(said for said, _ in found)),
        gold_article_ids=(page.name,),
        gold_spans=tuple(dict.fromkeys(span for _, span in found)),
    )


def _answers(asked: Fields) -> list[Fields]:
    answers = asked.get("answers")
    if not isinstance(answers, list) or not answers or not all(isinstance(answer, dict) for answer in answers):
        raise BadRow("has no `answers` and is not marked `is_impossible`")
    return answers


def _answer(answer: Fields, context: _Context, page: _Page) -> tuple[str, GoldSpan]:
    said = text(answer, "text")
    start = answer.get("answer_start")
    if type(start) is not int or start < 0 or not context.text.startswith(said, start):
        raise BadRow(f"`answer_start` is {start!r}, but {said!r} does not stand there")
    return said.strip(), GoldSpan(page.name, _unique_quote(context, start, start + len(said), page.text))


def _unique_quote(context: _Context, start: int, end: int, article: str) -> str:
    """The sentences that hold [start, end), and as many around them as it takes to stand in the article once."""
    starts = [at for at, _ in context.sentences]
    first, last = max(0, bisect_right(starts, start) - 1), max(0, bisect_right(starts, end - 1) - 1)
    while True:
        quote = canonical_text(context.text[context.sentences[first][0] : context.sentences[last][1]])
        widest = first == 0 and last == len(context.sentences) - 1
        if widest or article.count(quote) == 1:
            return quote
        first, last = max(0, first - 1), min(len(context.sentences) - 1, last + 1)
