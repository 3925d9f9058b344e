"""A row with this project's own keys to a case. CSV columns and the realtimeqa converter's rows are brought to the same keys.

Other keys are ignored. corpus/README.md and docs/question-sets.md say what each key holds.
"""

from __future__ import annotations

from typing import Any

from assistant.cases import EvalCase, GoldSpan
from assistant.converters._fields import (
    BadRow,
    Fields,
    case_id,
    day,
    first_filled,
    flag,
    indices,
    label,
    none_offered,
    optional_text,
    text,
    texts,
)
from assistant.converters._rows import Row
from assistant.types import Label

_KNOWN = ("answers", "answer", "gold_article_ids", "gold_spans", "wrong_spans", "grades")  # of the right answer


def read_case(row: Row) -> EvalCase:
    """Raises BadRow with the reason for a row that is no case."""
    fields = _last_turn(row.value) if "turns" in row.value else row.value
    if fields.get("claim") is not None and fields.get("question") is None:
        return _claim(fields, row.number)
    return _question(fields, row.number)


def _question(row: Fields, number: int) -> EvalCase:
    question = _asked(row)
    answers = first_filled(row, "answers", "answer")
    choices = texts(row, "choices", blanks=True)
    right = _right_choices(row, choices, answers)
    gold, wrong = _gold(row), _spans(row, "wrong_spans")
    return EvalCase(
        id=case_id(row, f"line-{number}"),
        question=question,
        earlier=texts(row, "earlier"),
        answerable=_answerable(row, bool(answers or gold["gold_article_ids"] or right or wrong)),
        date=day(row),
        answers=answers,
        string_answer=flag(row, "string_answer", True),
        choices=choices,
        right_choices=right,
        right_choice_removed=_right_choice_removed(row, choices, right),
        wrong_spans=wrong,
        group=optional_text(row, "group"),
        tags=texts(row, "tags"),
        **gold,
    )


def _last_turn(row: Fields) -> dict[str, Any]:
    """A conversation as its last question, with those before it. A turn without answers or gold is not answerable."""
    turns = row["turns"]
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, dict) for turn in turns):
        raise BadRow('`turns` is not a list of {"question", ...}')
    *before, last = turns
    gold = any(last.get(key) for key in _KNOWN)
    rest = {key: value for key, value in row.items() if key != "turns"}
    return {**rest, "answerable": gold, **last, "earlier": [text(turn, "question") for turn in before]}


def _claim(row: Fields, number: int) -> EvalCase:
    verdict = label(row)
    return EvalCase(
        id=case_id(row, f"line-{number}"),
        claim=text(row, "claim"),
        answerable=flag(row, "answerable", verdict is not Label.NOT_ENOUGH),
        date=day(row),
        label=verdict,
        evidence=texts(row, "evidence"),
        group=optional_text(row, "group"),
        tags=texts(row, "tags"),
        **_gold(row),
    )


def _asked(row: Fields) -> str:
    if row.get("question") is not None and row.get("claim") is not None:
        raise BadRow("has both `question` and `claim`: make two lines of it")
    if "question" in row:
        return text(row, "question")
    article = "; a line with `text` looks like an article, not a question" if "text" in row else ""
    raise BadRow(f"has no `question` and no `claim`{article}")


def _answerable(row: Fields, has_gold: bool) -> bool:
    if row.get("answerable") is None and not has_gold:
        raise BadRow("has neither answers nor gold nor `answerable`: nothing to score")
    return flag(row, "answerable", has_gold)


def _right_choices(row: Fields, choices: tuple[str, ...], answers: tuple[str, ...]) -> tuple[int, ...]:
    """As given; else the choices that are accepted answers."""
    for key in ("right_choices", "answer_index"):
        if row.get(key) is not None:
            return indices(row, key, len(choices))
    accepted = {answer.strip().casefold() for answer in answers}
    return tuple(index for index, choice in enumerate(choices) if choice.strip().casefold() in accepted)


def _right_choice_removed(row: Fields, choices: tuple[str, ...], right: tuple[int, ...]) -> bool | None:
    none = none_offered(choices)
    if row.get("right_choice_removed") is not None:
        return flag(row, "right_choice_removed", False)
    return none in right if none is not None and right else None


# -- gold


def _gold(row: Fields) -> dict[str, Any]:
    """Article ids come from the spans, or from the grades, where they are not given."""
    spans, grades = _spans(row, "gold_spans"), _grades(row)
    named = dict.fromkeys(span.article for span in spans) or best_first(grades)
    return {
        "gold_article_ids": texts(row, "gold_article_ids") or tuple(named),
        "gold_spans": spans,
        "grades": grades,
    }


def best_first(grades: dict[str, int]) -> list[str]:
    """The relevant articles, the most relevant first; ties keep their order."""
    return sorted((name for name, grade in grades.items() if grade > 0), key=lambda name: -grades[name])


def _spans(row: Fields, key: str) -> tuple[GoldSpan, ...]:
    found = row.get(key) or []
    try:
        spans = tuple(GoldSpan(span["article"], span["quote"]) for span in found)
    except (TypeError, KeyError):
        raise BadRow(f'`{key}` is not a list of {{"article", "quote"}}') from None
    if not all(isinstance(part, str) and part.strip() for span in spans for part in (span.article, span.quote)):
        raise BadRow(f"`{key}` has an empty article or quote")
    return spans


def _grades(row: Fields) -> dict[str, int]:
    found = row.get("grades") or {}
    if not isinstance(found, dict) or not all(type(grade) is int and grade >= 0 for grade in found.values()):
        raise BadRow(f"`grades` is {found!r}, not whole numbers from 0 by article id")
    return dict(found)
