"""Sentences of articles checked as they are, and with one fact altered: how often is the altered claim called supported?

    python -m benchmarks.altered_claims [--n 60] [--seed 7] [--verifier light] [--articles FILE_OR_FOLDER] [--json FILE]

Every sentence is of the library that it is checked against, so "supported" is right for the unaltered ones and wrong for all
others: another number, another name, a "not". Not a test: its figures are in docs/evaluation.md.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import Assistant
from assistant.chunking import article_sentences
from assistant.claims import split_claims
from assistant.resources import data_dir
from assistant.types import Kind, Zone
from assistant.values import Value, find_values

WORDS = range(8, 31)  # of a sentence that says one thing
LABELS = ("supported", "refuted", "conflicting", "not_enough_evidence")
_QUOTED = re.compile('["“„«]')
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|will|can|could)\b(?! not)")

Alteration = Callable[[str, random.Random, list[str]], str | None]


def main() -> None:
    arguments = _arguments()
    with TemporaryDirectory(prefix="altered-") as home, Assistant(home, verifier=arguments.verifier) as assistant:
        assistant.ingest(arguments.articles)
        sentences = list(_sentences(assistant))
        names = [name.text for text in sentences for name in _names(text)]
        tables = {}
        for alteration, alter in ALTERATIONS.items():
            drawn = random.Random(arguments.seed)
            claims = _altered(drawn.sample(sentences, len(sentences)), alter, drawn, names)
            counts = _verdicts(assistant, claims, arguments.n)
            tables[alteration] = counts
            print(_row(alteration, counts), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(tables, indent=1), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=60, help="claims of each kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--verifier", default="light")
    parser.add_argument("--articles", type=Path, default=data_dir("corpus"))
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _sentences(assistant: Assistant) -> Iterator[str]:
    """Reporting in English that says one checkable thing in the paper's own words."""
    for row in assistant.articles():
        article = assistant.article(row.facts.id)
        if article.language != "en" or article.status in ("satire", "retracted"):
            continue
        for sentence in article_sentences(article):
            text = article.text[sentence.start : sentence.end]
            if sentence.zone is Zone.BODY and len(text.split()) in WORDS and not _QUOTED.search(text):
                claims = split_claims(text)
                if len(claims) == 1 and claims[0].checkable:
                    yield text


def _altered(sentences: list[str], alter: Alteration, drawn: random.Random, names: list[str]) -> Iterator[str]:
    for text in sentences:
        altered = alter(text, drawn, names)
        if altered:
            yield altered


def _verdicts(assistant: Assistant, claims: Iterator[str], n: int) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for claim in claims:
        if counts.total() == n:
            break
        [verdict, *_] = [one.verdict for one in assistant.check(claim).claims if one.verdict] or [None]
        if verdict:
            counts[verdict.label] += 1
    return {label: counts[label] for label in LABELS}


def _row(alteration: str, counts: Mapping[str, int]) -> str:
    n = sum(counts.values())
    low, high = _wilson(counts["supported"], n)
    shown = "  ".join(f"{label} {count}" for label, count in counts.items())
    return f"{alteration:<12} n {n:>4}  {shown}  (supported {low:.0%} to {high:.0%})"


def _wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, JASA 1927)."""
    if not n:
        return 0.0, 1.0
    share, spread = hits / n, z * z / n
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return (share + spread / 2 - half) / (1 + spread), (share + spread / 2 + half) / (1 + spread)


# --- One fact at a time -----------------------------------------------------------------------------------------------


def _unaltered(text: str, drawn: random.Random, names: list[str]) -> str:
    return text


def _another_number(text: str, drawn: random.Random, names: list[str]) -> str | None:
    numbers = [v for v in find_values(text) if v.kind is Kind.NUMBER and v.number and v.text.replace(",", "").isdigit()]
    if not numbers:
        return None
    value = drawn.choice(numbers)
    n = int(value.number or 0)
    return f"{text[: value.start]}{n + drawn.choice([1, 2, 5, n // 2 + 1, n]):,}{text[value.end :]}"


def _another_name(text: str, drawn: random.Random, names: list[str]) -> str | None:
    own = _names(text)
    others = [name for name in names if not set(name.split()) & set(text.split())]
    if not own or not others:
        return None
    value = drawn.choice(own)
    return f"{text[: value.start]}{drawn.choice(others)}{text[value.end :]}"


def _denied(text: str, drawn: random.Random, names: list[str]) -> str | None:
    auxiliary = _AUXILIARY.search(text)
    return f"{text[: auxiliary.end()]} not{text[auxiliary.end() :]}" if auxiliary else None


def _names(text: str) -> list[Value]:
    return [value for value in find_values(text) if value.kind is Kind.NAME and " " in value.text]


ALTERATIONS: Mapping[str, Alteration] = {
    "unaltered": _unaltered,
    "number": _another_number,
    "name": _another_name,
    "not": _denied,
}

if __name__ == "__main__":
    main()
