"""Rebuilds the verifiers' word lists from Princeton WordNet 3.0: antonyms.txt and irregular.txt.

    apt-get download wordnet-base && dpkg-deb -x wordnet-base_*.deb wordnet
    python tools/build_wordforms.py wordnet/usr/share/wordnet

Antonyms are the pairs that WordNet marks as such, of one word each, both of which its tagged texts hold at least once.
Irregular forms are those of the exception lists whose base form the tagged texts hold. LEFT_OUT names words that have an
opposite only in a sense that news seldom has, and words for two sides of one thing, as buying and selling are.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.terms import stem

OUT = Path(__file__).resolve().parents[1] / "assistant" / "verifiers"
PARTS = {"noun": "1", "verb": "2", "adj": "3", "adv": "4"}
LEAST_ANTONYM, LEAST_IRREGULAR = 1, 2  # occurrences in the tagged texts
LEFT_OUT = frozenset(
    """
    all answer away back bear borrow bottom buy center child cold come common day double employee employer even
    ever few figure first following foot former front full future general give go ground half hand have head
    heat here home husband international king know lack lady last latter leading left lend less lie light like
    local long lot love make man many middle mind miss more most much national new night no old other own parent
    past place present queen question rear right run same second sell set short side sit small some sound stand
    studio subsurface surface take then there top veer walk way well whole wife woman work young
    """.split()
)
HEADER = "# From Princeton WordNet 3.0, by tools/build_wordforms.py. The licence stands in NOTICE.\n"


def main(wordnet: Path) -> None:
    counts = _counts(wordnet)
    antonyms = sorted(_antonyms(wordnet, counts))
    irregular = sorted(_irregular(wordnet, counts))
    for name, rows in (("antonyms", antonyms), ("irregular", irregular)):
        lines = "".join(f"{one} {other}\n" for one, other in rows)
        (OUT / f"{name}.txt").write_text(HEADER + lines, encoding="utf-8")
        print(f"{name}.txt: {len(rows)} pairs")


def _counts(wordnet: Path) -> Counter[tuple[str, str]]:
    """How often the tagged texts hold a word as a part of speech, over all its senses."""
    parts = {number: part for part, number in PARTS.items()} | {"5": "adj"}
    counts: Counter[tuple[str, str]] = Counter()
    for line in (wordnet / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        sense, _, count = line.split()
        word, rest = sense.split("%")
        counts[word, parts[rest[0]]] += int(count)
    return counts


def _antonyms(wordnet: Path, counts: Counter[tuple[str, str]]) -> set[tuple[str, str]]:
    pairs = set()
    for part in PARTS:
        synsets = dict(_synsets(wordnet / f"data.{part}"))
        for words, pointers in synsets.values():
            for symbol, target, _, numbers in pointers:
                if symbol == "!" and target in synsets:
                    pairs.add((part, words[int(numbers[:2], 16) - 1], synsets[target][0][int(numbers[2:], 16) - 1]))
    return {
        (min(one, other), max(one, other))
        for part, one, other in pairs
        if (one + other).isalpha()
        and not LEFT_OUT & {one, other}
        and min(counts[one, part], counts[other, part]) >= LEAST_ANTONYM
    }


def _synsets(path: Path) -> Iterator[tuple[str, tuple[list[str], list[list[str]]]]]:
    """Offset, words, and pointers as (symbol, offset, part of speech, word numbers); man 5 wndb."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split(" | ")[0].split()
        n_words = int(fields[3], 16)
        words = [fields[4 + 2 * n].split("(")[0].lower() for n in range(n_words)]
        at = 4 + 2 * n_words
        pointers = [fields[at + 1 + 4 * n : at + 5 + 4 * n] for n in range(int(fields[at]))]
        yield fields[0], (words, pointers)


def _irregular(wordnet: Path, counts: Counter[tuple[str, str]]) -> set[tuple[str, str]]:
    """Verb forms and plurals that stemming does not bring together with their base form."""
    rows = set()
    for part in ("verb", "noun"):
        for line in (wordnet / f"{part}.exc").read_text(encoding="utf-8").splitlines():
            form, base, *_ = line.split()
            if (form + base).isalpha() and stem(form) != stem(base) and counts[base, part] >= LEAST_IRREGULAR:
                rows.add((form, base))
    return rows


if __name__ == "__main__":
    main(Path(sys.argv[1]))
