"""A made-up report document with all that one can hold, for the tests of its readers: three runs over the same cases,
every stage at which a case can be lost, claims, choices, errors, and texts that mean harm.

    python tests/report_document.py 430 > report.json        # how large and how fast a page of 430 cases is
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]

RUNS = ("as set", "retriever=lexical", "answerer=chat <b>beta</b>")
STAGES = (
    "not in the library",
    "not retrieved",
    "ranked out",
    "not picked",
    "abstained",
    "answered anyway",
    "gate",
    "verdict",
    "choice",
    "error",
)
TAGS = ("number", "date", "who", "near-miss", "paraphrase", "negated")
WORDS = """harbour council ferry minister budget bridge school river vote storm museum rail strike border clinic water
market prize orchard tunnel island festival archive court police farmer grain tariff union election poll reservoir
cable engine satellite forest fire valley bakery choir stadium ticket parliament treaty glacier""".split()
NAMES = "Ana Kovač, Jean-Luc Moreau, Mei Tanaka, Odalys Brannigan, Tomás Ó Néill, Priya Raman".split(", ")
PUBLISHERS = ("Harbour Courier", "Tamber Gazette", "The Quillmere Post", "Agence du Fleuve")
HOSTILE = (
    "<img src=x onerror='window.ran=1'><script>window.ran=2</script>",
    "</script><script>window.ran=3</script><!--<script>",
    "line\u2028separator\u2029and \x00 nul, a lone \ud800 surrogate, an ESC \x1b[31m",
    "يقول النص العربي إن الجسر أُغلق \u202eevil\u202c",
    "👩‍👩‍👧 café 𝒜stral e\u0301 — “quoted”",
    "Donaudampfschifffahrtsgesellschaft" * 12,
    '=HYPERLINK("http://evil.example","x")',
    "&lt;b&gt; &amp; ]]> {{7*7}} ${7*7} [bold red]markup[/bold red]",
)
PAYLOAD = "\"'><img src=http://evil.example/x.png onerror=window.ran=9></script><script>window.ran=8</script>"


def make_document(n: int = 100, runs: Sequence[str] = RUNS, *, seed: int = 7, hostile: bool = True) -> Json:
    """`n` cases a run; the figures are those of the cases."""
    library = _library(random.Random(seed), hostile)
    made = [_run(name, library, n, seed + 100 * at, hostile) for at, name in enumerate(runs)]
    return {
        "report": 2,
        "made": "2026-11-23",
        "runs": made,
        "comparisons": [_comparison(made[0], run) for run in made[1:]],
    }


def poisoned(
    value: Any, keep: frozenset[str] = frozenset({"lost_at", "date", "published", "gold", "kind", "group"})
) -> Any:
    """The same document with the payload at the end of every text and every name of a run, but those of fixed lists."""
    if isinstance(value, str):
        return value + PAYLOAD
    if isinstance(value, list):
        return [poisoned(item, keep) for item in value]
    if isinstance(value, Mapping):
        return {
            key: item if key in keep and not isinstance(item, Mapping) else poisoned(item, keep)
            for key, item in value.items()
        }
    return value


# -- articles


def _sentence(rng: random.Random) -> str:
    words = [rng.choice(WORDS) for _ in range(rng.randint(8, 18))]
    words[rng.randrange(len(words))] = rng.choice(NAMES)
    return f"{' '.join(words).capitalize()} in {rng.randint(1900, 2026)}."


def _library(rng: random.Random, hostile: bool) -> list[Json]:
    articles = []
    for at in range(60):
        sentences = [_sentence(rng) for _ in range(24)]
        if hostile and at < len(HOSTILE):
            sentences[2] = HOSTILE[at]
        odd = hostile and at == 0
        articles.append(
            {
                "article_id": f"{rng.getrandbits(256):064x}",
                "source_id": f"article-{at:02d}",
                "title": HOSTILE[0] if odd else _sentence(rng)[:60].rsplit(" ", 1)[0],
                "publisher": HOSTILE[1] if odd else rng.choice(PUBLISHERS),
                "published": None if at % 9 == 4 else (date(2025, 1, 1) + timedelta(days=at * 5)).isoformat(),
                "text": " ".join(sentences),
                "sentences": sentences,
            }
        )
    return articles


def _facts(article: Mapping[str, Any]) -> Json:
    return {key: article[key] for key in ("article_id", "source_id", "title", "publisher", "published")}


def _hit(article: Mapping[str, Any], rank: int, first: int, gold: str | None) -> Json:
    """The passage of six sentences that begins with sentence `first`."""
    text = " ".join(article["sentences"][first : first + 6])
    start = article["text"].index(text)
    return {
        "rank": rank,
        **_facts(article),
        "start": start,
        "end": start + len(text),
        "text": text,
        "gold": gold,
        "score": round(9.5 / rank, 4),
        "parts": {"lexical": round(20 / rank, 3), "dense": round(0.9 / rank, 3)},
    }


# -- cases


def _run(name: str, library: list[Json], n: int, seed: int, hostile: bool) -> Json:
    cases = [_case(at, library, random.Random(seed * 1000 + at), hostile) for at in range(n)]
    metrics = _metrics(cases)
    return {
        "name": name,
        "sets": ["questions", "claims"],
        "settings": {
            "retriever": name.partition("=")[2] or "hybrid",
            "answerer": "extractive",
            "chat": {"model": "gpt-x", "api_key": "**********", "timeout_s": 60.0},
            "recency": {"weight": 1.3, "days": [-3, 14]},
        },
        "versions": {"python": "3.11.7", "assistant": "0.1.0", "numpy": "2.1.0"},
        "k": 10,
        "workers": 1,
        "library": {"articles": 60, "passages": 240, "embedded": 238},
        "fingerprint": "9f" * 32,
        "bootstrap": {"method": "percentile", "resamples": 2000, "confidence": 0.95, "seed": 20240229},
        "metrics": metrics,
        "latency": _latency(cases),
        "by": _by(cases),
        "charts": _charts(cases),
        "missing_gold": ["article-98", HOSTILE[0]] if hostile else [],
        "failures": [{"source": "questions.jsonl:12", "reason": "has no `question` <i>"}] if hostile else [],
        "errors": sum(case["error"] is not None for case in cases),
        "excluded": sum(not case["scores"] for case in cases),
        "resumed": 0,
        "seconds": 12.3,
        "cases": cases,
    }


def _case(at: int, library: list[Json], rng: random.Random, hostile: bool) -> Json:
    planned = STAGES[at // 2 % len(STAGES)] if at % 2 else None
    stage = planned if rng.random() < 0.9 else None
    plain = {4: "claim", 8: "choices"}.get(at % 10, "question")
    kind = {"verdict": "claim", "choice": "choices"}.get(planned or "", plain)
    answerable = planned != "answered anyway" and (planned is not None or kind != "question" or at % 6 != 0)
    gold = library[at % len(library)]
    quote = gold["sentences"][2 if hostile and at < len(HOSTILE) else 7]
    case = _bare_case(at, gold, quote, kind, answerable, hostile)
    if stage == "error":
        return {**case, "lost_at": "error", "error": f"TypeError: bad operand {HOSTILE[0]}"}
    rank = _rank(stage, answerable, rng)
    hits = _hits(library, gold, quote, rank, rng)
    case |= {"hits": hits, "hit_rank": rank, "gold_ranks": [hit["rank"] for hit in hits if hit["gold"]]}
    _judge(case, gold, quote, stage, answerable, rng)
    case["seconds"] = _seconds(rng)
    case["scores"] = _scores(case, answerable)
    return case


def _bare_case(at: int, gold: Json, quote: str, kind: str, answerable: bool, hostile: bool) -> Json:
    text = f"Who spoke of the {WORDS[at % len(WORDS)]} and the {WORDS[(at * 7) % len(WORDS)]}, case {at}?"
    odd = hostile and at < len(HOSTILE)
    return {
        "id": f"q{at:03d}",
        "set": "claims" if kind == "claim" else "questions",
        "question": "" if kind == "claim" else f"{text} {HOSTILE[at]}" if odd else text,
        "claim": f"The {WORDS[at % len(WORDS)]} was closed by {NAMES[at % len(NAMES)]}." if kind == "claim" else "",
        "date": None if at % 7 == 5 else (date(2025, 8, 1) + timedelta(days=at % 90)).isoformat(),
        "answerable": answerable,
        "tags": [TAGS[at % len(TAGS)], *([TAGS[(at + 2) % len(TAGS)]] if at % 4 == 0 else [])],
        "choices": ["The ferry", "The bridge", HOSTILE[4], "None of the above"] if kind == "choices" else [],
        "gold": {
            "answers": [" ".join(quote.split()[:3]).rstrip(".")] if answerable and kind != "claim" else [],
            "article_ids": [gold["source_id"]] if answerable else [],
            "spans": [{"article": gold["source_id"], "quote": quote}] if answerable else [],
            "label": ("supported", "refuted")[at % 2] if kind == "claim" else None,
            "choices": [0] if kind == "choices" else [],
        },
        "answer": None,
        "abstained": None,
        "confidence": None,
        "note": "",
        "citations": [],
        "rejected": [],
        "hits": [],
        "hit_rank": None,
        "gold_ranks": [],
        "choice": None,
        "verdict": None,
        "right": None,
        "lost_at": None,
        "scores": {},
        "weights": {},
        "seconds": {},
        "usage": {"input_tokens": 0, "output_tokens": 0},
        "error": None,
    }


def _rank(stage: str | None, answerable: bool, rng: random.Random) -> int | None:
    if not answerable or stage in ("not in the library", "not retrieved"):
        return None
    return rng.randint(5, 9) if stage == "ranked out" else rng.choice((1, 1, 1, 2, 3))


def _hits(library: list[Json], gold: Json, quote: str, rank: int | None, rng: random.Random) -> list[Json]:
    others = rng.sample([article for article in library if article is not gold], 10)
    hits = [_hit(article, at, rng.randrange(12), None) for at, article in enumerate(others, 1)]
    if rank is not None:
        first = max(0, gold["sentences"].index(quote) - rng.randrange(3))
        hits[rank - 1] = _hit(gold, rank, first, "span")
    return hits


def _judge(case: Json, gold: Json, quote: str, stage: str | None, answerable: bool, rng: random.Random) -> None:
    """Fill in what came back and how it is judged."""
    case |= {"right": stage is None, "lost_at": stage, "confidence": round(rng.random(), 4)}
    if case["claim"]:
        label = case["gold"]["label"] if stage != "verdict" else "not_enough_evidence"
        case["verdict"] = {"label": label, "supported": 0.81, "refuted": 0.07, "why": "One sentence says the same."}
    elif case["choices"]:
        index = 0 if stage != "choice" else rng.choice((1, 3, None))
        case["choice"] = {"index": index, "confidence": 0.62}
    elif stage == "abstained" or (not answerable and stage is None):
        case |= {"abstained": "Nothing in the articles answers this.", "answer": "The articles do not answer this."}
    else:
        _answer(case, gold, quote, stage, rng)


def _answer(case: Json, gold: Json, quote: str, stage: str | None, rng: random.Random) -> None:
    source = gold if stage is None else case["hits"][0]
    said = quote if stage is None else rng.choice(case["hits"][0]["text"].split(". "))
    start = gold["text"].index(quote) if stage is None else source["start"] + source["text"].index(said)
    emoji = "👩‍👩‍👧 "
    facts = {key: source[key] for key in ("article_id", "source_id", "title", "publisher", "published")}
    citation = {
        "marker": 1,
        "quote": said,
        **facts,
        "start": start,
        "end": start + len(said),
        "answer_start": len(emoji),
        "answer_end": len(emoji) + len(said),
        "status": "verified",
        "zone": "body",
    }
    case |= {"answer": f"{emoji}{said} [1] And that is all.", "citations": [citation]}
    if stage in ("gate", "not picked"):
        note = "the article says “closed”, the quotation “opened”"
        case["rejected"] = [
            {**citation, "marker": 2, "status": "altered", "note": note, "quote": f"{said[:40]} opened"}
        ]
    case["note"] = "The chat model failed; sentences were extracted." if stage == "gate" else ""
    case["usage"] = {"input_tokens": 812, "output_tokens": 64}


def _seconds(rng: random.Random) -> Json:
    retrieve, rerank = rng.uniform(0.01, 0.06), rng.uniform(0.005, 0.02)
    return {
        "ask": round(retrieve + rerank + rng.uniform(0.01, 0.1), 6),
        "retrieve": round(retrieve, 6),
        "stage retrieve": round(retrieve, 6),
        "stage rerank": round(rerank, 6),
        "stage answer": round(rng.uniform(0.01, 0.1), 6),
    }


def _scores(case: Json, answerable: bool) -> Json:
    scores: Json = {}
    if answerable:
        rank = case["hit_rank"]
        scores |= {f"hit@{k}": float(rank is not None and rank <= k) for k in (1, 4, 10)}
        scores["mrr@10"] = round(1 / rank, 6) if rank else 0.0
    if case["claim"]:
        scores["verdict_accuracy"] = float(case["right"])
    elif case["choices"]:
        scores["choice_accuracy"] = float(case["right"])
    elif answerable:
        scores |= {"answer_contains": float(case["right"]), "false_abstention": float(case["abstained"] is not None)}
    else:
        scores["correct_abstention"] = float(case["abstained"] is not None)
    return scores | {"answer_brier": [case["confidence"], float(case["right"])]}


# -- figures


GROUPS = {
    "retrieval": ("hit@1", "hit@4", "hit@10", "mrr@10", "ndcg@10"),
    "answer": ("answer_contains",),
    "choice": ("choice_accuracy",),
    "abstention": ("false_abstention", "correct_abstention"),
    "citation": ("citation_exactness",),
    "verdict": ("verdict_accuracy",),
    "calibration": ("answer_brier",),
    "cost": ("input_tokens",),
}


def _metrics(cases: list[Json]) -> Json:
    return {name: _figure(cases, name, group) for group, names in GROUPS.items() for name in names}


def _figure(cases: list[Json], name: str, group: str) -> Json:
    if name == "input_tokens":
        values = [float(case["usage"][name]) for case in cases if case["error"] is None]
    elif name == "answer_brier":
        values = [
            (p - y) ** 2
            for case in cases
            if "answer_brier" in case["scores"]
            for p, y in [case["scores"]["answer_brier"]]
        ]
    else:
        values = [case["scores"][name] for case in cases if name in case["scores"]]
    better = {"answer_brier": False, "false_abstention": False, "input_tokens": None}.get(name, True)
    return {"group": group, **_estimate(values), "excluded": len(cases) - len(values), "higher_is_better": better}


def _estimate(values: Sequence[float]) -> Json:
    """Mean and a normal interval: near enough for something to draw."""
    n = len(values)
    if not n:
        return {"mean": None, "low": None, "high": None, "n": 0}
    mean = sum(values) / n
    if n == 1:
        return {"mean": mean, "low": None, "high": None, "n": 1}
    half = 1.96 * (sum((value - mean) ** 2 for value in values) / n / n) ** 0.5
    low, high = (max(0.0, mean - half), min(1.0, mean + half)) if mean <= 1 else (mean - half, mean + half)
    return {"mean": round(mean, 6), "low": round(low, 6), "high": round(high, 6), "n": n}


def _latency(cases: list[Json]) -> Json:
    latency = {}
    for stage in ("ask", "retrieve"):
        values = sorted(case["seconds"][stage] for case in cases if stage in case["seconds"])
        for q in (50, 95):
            at = values[min(len(values) - 1, int(q / 100 * len(values)))]
            latency[f"{stage}_p{q}_s"] = {
                "group": "latency",
                "mean": at,
                "low": round(at * 0.9, 6),
                "high": round(at * 1.2, 6),
                "n": len(values),
                "excluded": len(cases) - len(values),
                "higher_is_better": False,
            }
    return latency


def _by(cases: list[Json]) -> Json:
    parts: dict[str, Callable[[Json], bool]] = {
        **{f"tag:{tag}": lambda case, tag=tag: tag in case["tags"] for tag in TAGS},
        **{f"set:{name}": lambda case, name=name: case["set"] == name for name in ("questions", "claims")},
    }
    return {
        name: _metrics(part)
        for name, holds in parts.items()
        if len(part := [case for case in cases if holds(case)]) > 4
    }


def _charts(cases: list[Json]) -> list[Json]:
    judged = sorted((case for case in cases if case["confidence"] is not None), key=lambda case: -case["confidence"])
    bins: dict[int, list[Json]] = {}
    for case in judged:
        bins.setdefault(min(9, int(case["confidence"] * 10)), []).append(case)
    reliability = [
        [sum(c["confidence"] for c in part) / len(part), sum(c["right"] for c in part) / len(part), len(part)]
        for _, part in sorted(bins.items())
    ]
    risk = [
        [at / len(judged), sum(not case["right"] for case in judged[:at]) / at]
        for at in range(1, len(judged) + 1, max(1, len(judged) // 20))
    ]
    labels = ["supported", "refuted", "conflicting", "not_enough_evidence"]
    claims = [case for case in cases if case["verdict"]]
    matrix = [
        [sum(c["gold"]["label"] == gold and c["verdict"]["label"] == said for c in claims) for said in labels]
        for gold in labels
    ]
    return [
        _chart("reliability_answer", "Reliability", "curve", "confidence", "share right", reliability),
        _chart("risk_coverage_answer", "Risk and coverage", "curve", "share answered", "share wrong", risk),
        {**_chart("confusion", "Verdicts", "matrix", "verdict", "gold", matrix), "labels": labels},
    ]


def _chart(name: str, title: str, kind: str, x_label: str, y_label: str, points: list[list[float]]) -> Json:
    return {
        "name": name,
        "title": title,
        "kind": kind,
        "x_label": x_label,
        "y_label": y_label,
        "points": points,
        "labels": [],
    }


def _comparison(baseline: Json, run: Json) -> Json:
    metrics, changed = {}, []
    for name in ("hit@1", "hit@4", "mrr@10", "answer_contains", "false_abstention", "verdict_accuracy"):
        pairs = [
            (before, before["scores"][name], after["scores"][name])
            for before, after in zip(baseline["cases"], run["cases"], strict=True)
            if name in before["scores"] and name in after["scores"]
        ]
        if not pairs:
            continue
        moved = [
            {"id": case["id"], "set": case["set"], "metric": name, "baseline": one, "run": two}
            for case, one, two in pairs
            if one != two
        ]
        up = sum(row["run"] > row["baseline"] for row in moved)
        better = len(moved) - up if name == "false_abstention" else up
        difference = sum(two - one for _, one, two in pairs) / len(pairs)
        metrics[name] = {
            "n": len(pairs),
            "difference": round(difference, 6),
            "low": round(difference - 0.06, 6),
            "high": round(difference + 0.06, 6),
            "p": 0.0004 if abs(difference) > 0.06 else 0.31,
            "test": "paired bootstrap" if name.startswith("mrr") else "McNemar exact",
            "better": better,
            "worse": len(moved) - better,
        }
        changed += moved
    return {
        "baseline": baseline["name"],
        "run": run["name"],
        "n": len(run["cases"]),
        "metrics": metrics,
        "changed": changed,
    }


if __name__ == "__main__":
    json.dump(make_document(int(sys.argv[1]) if len(sys.argv) > 1 else 100), sys.stdout)
