"""Commands that check: a claim or a draft, a quotation, and the claims that are watched."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.api import Assistant
from assistant.bill import bill_words
from assistant.cli._common import (
    AsOfOption,
    JsonOption,
    PublisherOption,
    SaveOption,
    SinceOption,
    UntilOption,
    filters,
    out,
    print_json,
)
from assistant.errors import WrongUse
from assistant.exports import exporter_of, opinion_words
from assistant.exports.json import check_document, quote_document
from assistant.types import CheckedClaim, Conflict, Evidence, FactCheck, QuoteCheck, Stance
from assistant.watch import Change, Watched

SHOWN = 4  # sentences of evidence printed a claim

ExportOption = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help="Write a report: .md, .html, .csv, .json or .jsonld (ClaimReview)."),
]


def check(
    text: Annotated[
        str | None, typer.Argument(help="The claim or draft, in quotation marks; - reads standard input.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", metavar="FILE", help="Check the text of this file.")
    ] = None,
    as_of: AsOfOption = None,
    publisher: PublisherOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    verifier: Annotated[str | None, typer.Option(help="light, nli or judge; the settings' one if not given.")] = None,
    model: Annotated[
        bool | None,
        typer.Option(
            "--model/--no-model",
            help="Let the chat model of ASSISTANT_LLM word claims and searches and give its view; no verdict counts it.",
        ),
    ] = None,
    export_to: ExportOption = None,
    save: SaveOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the files of --export and --save.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a claim or a whole draft against the articles: a verdict for each claim, with the words it rests on."""
    chosen = filters(publisher, since, until, as_of)
    given = _given(text, file)
    exporter = exporter_of(export_to) if export_to else None
    for target in filter(None, (export_to, save)):
        _refuse_to_overwrite(target, force)
    with Assistant(verifier=verifier, llm_claims=model) as assistant:
        if model and not assistant.settings.llm:
            raise WrongUse("No chat model is chosen.", "Set ASSISTANT_LLM, for example to openai:gpt-5-mini.")
        checked = assistant.check(given, filters=chosen)
        articles = assistant.articles_of(checked)
        if save:
            assistant.save(save, checked, filters=chosen, force=force)
    if export_to and exporter:
        export_to.write_text(exporter.export(checked, articles), encoding=exporter.encoding, newline="")
    if as_json:
        print_json(check_document(checked, articles))
    else:
        print_check(checked)


def quote(
    text: Annotated[str, typer.Argument(help="The quotation, without its quotation marks.")],
    by: Annotated[str | None, typer.Option(metavar="PERSON", help="Who is said to have said it.")] = None,
    article: Annotated[str | None, typer.Option(metavar="ID", help="The article it is said to stand in.")] = None,
    save: SaveOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file of --save.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say whether a quotation stands in the articles: exact, altered, cut, misattributed or absent."""
    with Assistant() as assistant:
        checked = assistant.quote(text, by=by, article=article)
        if save:
            assistant.save(save, checked, force=force, article=article)
    if as_json:
        print_json(quote_document(checked))
    else:
        _print_quote(checked)


def watch(
    text: Annotated[
        str | None, typer.Argument(help="A claim to save; without one, the saved claims are listed.")
    ] = None,
    remove: Annotated[str | None, typer.Option(metavar="ID", help="Forget a saved claim.")] = None,
    review: Annotated[bool, typer.Option("--review", help="Judge all saved claims again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Save a claim that is judged again whenever articles arrive, list the saved ones, or judge them again at once."""
    if sum(map(bool, (text, remove, review))) > 1:
        raise WrongUse("A claim, --remove and --review exclude each other.", "Give one of them.")
    with Assistant() as assistant:
        if text:
            watched, _ = assistant.watch(text)
            rows = [watched]
        elif remove:
            rows = [assistant.unwatch(remove)]
        elif review:
            changes = assistant.review_watched()
            _print_review(changes, as_json)
            return
        else:
            rows = list(assistant.watched())
    if as_json:
        print_json([_watched_json(one) for one in rows])
        return
    for one in rows:
        _say(f"{one.id}  {one.label.replace('_', ' ')}  {one.text}")
    if not rows:
        _say('No claim is saved. Run: assistant watch "CLAIM"')


def _print_review(changes: Sequence[Change], as_json: bool) -> None:
    if as_json:
        print_json([change_json(one) for one in changes])
    elif changes:
        print_changes(changes)
    else:
        _say("No verdict has changed.")


def print_changes(changes: Sequence[Change]) -> None:
    """The verdicts that changed, each with the span that changed it."""
    for change in changes:
        before, after = (one.label.replace("_", " ") for one in (change.before, change.after))
        _say(f"Changed: “{change.after.text}” was {before}, is {after}. {change.after.why}")
        for one in change.evidence[:SHOWN]:
            _print_evidence(one)


def _watched_json(one: Watched) -> dict[str, Any]:
    return {"id": one.id, "text": one.text, "label": one.label, "why": one.why, "checked": one.checked.isoformat()}


def change_json(change: Change) -> dict[str, Any]:
    return {
        "before": _watched_json(change.before),
        "after": _watched_json(change.after),
        "evidence": [
            {
                "article_id": e.span.article_id,
                "start": e.span.start,
                "end": e.span.end,
                "quote": e.text,
                "stance": e.stance,
            }
            for e in change.evidence
        ],
    }


def _given(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise WrongUse("Give a text or --file, one of them.", 'For example: assistant check "30 countries met."')
    if file is None:
        return sys.stdin.read() if text == "-" else str(text)
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongUse(f"{file} is not UTF-8 text.", "Save it as plain text, or ingest it as an article.") from None
    except OSError as error:
        raise WrongUse(f"{file} can't be read: {error.strerror}.", "Check the path.") from None


def _refuse_to_overwrite(target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise WrongUse(f"{target} exists.", "Choose another name, or add --force.")


# --- On the terminal --------------------------------------------------------------------------------------------------


def print_check(check: FactCheck) -> None:
    _say(f"{_verdict(check)}  {check.verdict.why}")
    if check.note:
        _say(f"Note: {check.note}")
    for number, checked in enumerate(check.claims, start=1):
        _print_claim(number, checked, alone=len(check.claims) == 1)
    for conflict in check.conflicts:
        _print_conflict(conflict)
    if bill := bill_words(check.calls, check.cost_usd):
        out().print(f"\n{bill}", markup=False, highlight=False, style="dim")


def _verdict(check: FactCheck) -> str:
    return f"{check.verdict.label.replace('_', ' ').upper()} ({check.verdict.confidence:.0%} sure)"


def _print_claim(number: int, checked: CheckedClaim, *, alone: bool) -> None:
    claim, verdict = checked.claim, checked.verdict
    if verdict is None:
        _say(f"\n{number}. “{claim.text}”\n   not judged: {claim.kind}")
        return
    if not alone:
        label = verdict.label.replace("_", " ")
        _say(f"\n{number}. “{claim.text}”\n   {label} ({verdict.confidence:.0%} sure): {verdict.why}")
    if claim.resolved != claim.text:
        _say(f"   read as: {claim.resolved}")
    for one in checked.evidence[:SHOWN]:
        _print_evidence(one)
    if checked.opinion:
        _say(f"   {opinion_words(checked.opinion)}")
    for difference in checked.differences:
        _say(f"   {difference.kind}: {difference.note or f'“{difference.in_claim}” / “{difference.in_source}”'}")
    for missing in checked.missing:
        _say(f"   missing: {missing}")


def _print_evidence(one: Evidence) -> None:
    article = one.article
    publisher = (article and article.publisher) or "publisher unknown"
    day = (article and article.published) or "date unknown"
    mark = {Stance.SUPPORTS: "+", Stance.REFUTES: "-", Stance.NEUTRAL: "·"}[one.stance]
    barred = "" if one.decides else ", does not count"
    _say(f"   {mark} {publisher} · {day} · {one.zone}{barred} · characters {one.span.start}-{one.span.end}")
    _say(f"     “{one.text}”")
    for note in (*((one.attribution,) if one.attribution else ()), *one.notes):
        _say(f"     {note}")


def _print_conflict(conflict: Conflict) -> None:
    _say(f"\nConflict over claim {conflict.claim + 1}: {conflict.note}")
    for side in (conflict.first, conflict.second):
        _print_evidence(side)


def _print_quote(checked: QuoteCheck) -> None:
    _say(f"{checked.status.upper()}  {checked.why}")
    for place in checked.places:
        article = place.article
        speaker = f" · said by {place.speaker}" if place.speaker else ""
        _say(
            f"\n   {article.publisher or 'publisher unknown'} · {article.published or 'date unknown'} · {place.zone}{speaker}"
        )
        _say(f"   “{place.quote}”")
        _say(f"   {article.title or 'untitled'} · characters {place.span.start}-{place.span.end} of {article.id[:12]}")
    for difference in checked.differences:
        _say(f"   {difference.kind}: {difference.note or f'“{difference.in_claim}” / “{difference.in_source}”'}")


def _say(line: str) -> None:
    out().print(line, markup=False, highlight=False)
