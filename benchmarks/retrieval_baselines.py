"""BM25 alone beside the assistant's own retrieval: same passages, same questions, same strict hit.

    python benchmarks/retrieval_baselines.py QUESTIONS.jsonl [--home FOLDER]

BM25 is bm25s with its defaults, English stop words and the Snowball stemmer, over the library's passages without
titles; once under the same date rule as the assistant (nothing later than the question) and once over everything.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence, Set
from pathlib import Path
from typing import Any

from assistant.errors import WrongUse
from assistant.evaluation import EvalCase, EvalReport, Evaluated, evaluate, load_cases
from assistant.library import Library
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Article, ArticleRow, Filters, Hit, Passage

ANYTHING = Filters()
COLUMNS = ("hit@1", "hit@4", "hit@10", "recall@10", "mrr@10")


class Bm25:
    """Lexical search over passages held in memory."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        import bm25s  # type: ignore[import-untyped,unused-ignore]
        import snowballstemmer  # type: ignore[import-untyped,unused-ignore]

        self.passages = list(passages)
        self._stemmer = snowballstemmer.stemmer("english")
        self._index = bm25s.BM25()
        texts = [passage.text for passage in self.passages]
        self._index.index(self._tokenize(texts, return_ids=True), show_progress=False)

    def _tokenize(self, texts: list[str], *, return_ids: bool) -> Any:
        import bm25s

        return bm25s.tokenize(
            texts,
            stopwords="en",
            stemmer=self._stemmer.stemWords,
            return_ids=return_ids,
            show_progress=False,
        )

    def search(self, question: str, k: int, allowed: Set[int] | None = None) -> list[Hit]:
        """Best first, passages with a word of the question only; `allowed` holds passage ids, None allows all."""
        words = self._tokenize([question], return_ids=False)[0]
        scores = self._index.get_scores(words)
        hits: list[Hit] = []
        for row in (-scores).argsort(kind="stable"):
            if len(hits) == k or scores[row] <= 0:
                break
            passage = self.passages[row]
            if allowed is None or passage.id in allowed:
                hits.append(Hit(passage, len(hits) + 1, float(scores[row])))
        return hits


class Bm25Alone:
    """BM25 in the shape that `evaluate` asks for."""

    def __init__(self, bm25: Bm25, library: Library, settings: Settings, *, dated: bool) -> None:
        self.bm25 = bm25
        self.library = library
        self.settings = settings
        self.dated = dated

    def retrieve(self, question: str, *, filters: Filters = ANYTHING, k: int | None = None) -> list[Hit]:
        allowed = self.library.allowed_passages(filters) if self.dated else None
        return self.bm25.search(question, k or 10, allowed)

    def articles(self, *, include_replaced: bool = False) -> list[ArticleRow]:
        return self.library.article_rows(include_replaced=include_replaced)

    def article(self, article_id: str) -> Article:
        return self.library.article(self.library.find_id(article_id))

    def ask(self, question: str, *, filters: Filters = ANYTHING) -> Answer:
        raise WrongUse("BM25 alone only searches.", "Evaluate it with ask=False.")


def compare(systems: dict[str, Evaluated], cases: Sequence[EvalCase]) -> dict[str, EvalReport]:
    """Retrieval figures by system name."""
    return {name: evaluate(system, cases, ask=False) for name, system in systems.items()}


def print_comparison(reports: dict[str, EvalReport]) -> None:
    """One line a system: each figure in percent with its 95 % bootstrap interval."""
    width = max(map(len, reports))
    print(f"{'':{width}}  " + "".join(f"{name:>18}" for name in COLUMNS) + f"{'p50 ms':>9}")
    for name, report in reports.items():
        figures = (report.metrics[column] for column in COLUMNS)
        cells = "".join(f"{_percent(f.mean):>8} {_percent(f.low):>4}-{_percent(f.high):>4}" for f in figures)
        milliseconds = 1000 * (report.latency["retrieve_p50_s"].mean or 0)
        print(f"{name:{width}}  {cells}{milliseconds:>9.1f}")
    first = next(iter(reports.values()))
    print(
        f"n = {first.metrics['hit@4'].n} questions with gold; errors: {[report.errors for report in reports.values()]}"
    )


def _percent(share: float | None) -> str:
    return "n/a" if share is None else f"{100 * share:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--home", type=Path, help="the library's folder (default: the settings')")
    arguments = parser.parse_args()

    from assistant.api import Assistant

    questions = load_cases(arguments.questions)
    settings = load_settings(home=arguments.home)
    library = Library(settings.home)
    bm25 = Bm25(library.all_passages())
    with Assistant(settings=settings) as assistant:
        print_comparison(
            compare(
                {
                    "BM25 alone": Bm25Alone(bm25, library, settings, dated=True),
                    "BM25 alone, any date": Bm25Alone(bm25, library, settings, dated=False),
                    f"assistant ({settings.retriever}, {settings.embedder}, {settings.reranker})": assistant,
                },
                questions.cases,
            )
        )
    for failure in questions.failures:
        print(f"{failure.source}: {failure.reason}")


if __name__ == "__main__":
    main()
