"""Article text to a MinHash signature, by which the library recognises syndicated copies.

64 permutations over sequences of five words, in 16 bands of 4: two texts that share 70 % of their sequences meet in a
band with probability 0.99 (Broder 1997; Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4).
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from typing import TYPE_CHECKING

from assistant.library import MinHashRow

if TYPE_CHECKING:
    from datasketch import MinHash

PERMUTATIONS = 64
BANDS = 16
SEQUENCE_WORDS = 5
THRESHOLD = 0.7  # estimated share of sequences in common from which two articles are one story
MIN_WORDS = 40  # shorter texts are alike by chance

_WORD = re.compile(r"\w+")


def minhash(text: str) -> MinHashRow | None:
    """The signature of a text, None for one too short to be compared."""
    words = _WORD.findall(text.casefold())
    if len(words) < MIN_WORDS:
        return None
    sequences = {" ".join(words[i : i + SEQUENCE_WORDS]) for i in range(len(words) - SEQUENCE_WORDS + 1)}
    signature = _empty().copy()
    signature.update_batch([sequence.encode() for sequence in sequences])
    values = signature.hashvalues.astype("<u4")
    rows = PERMUTATIONS // BANDS
    buckets = [values[band * rows : (band + 1) * rows].tobytes() for band in range(BANDS)]
    return MinHashRow(values.tobytes(), buckets, THRESHOLD)


@cache
def _empty() -> MinHash:
    """A signature of nothing, whose permutations are shared by all copies. crc32 is as even as sha1 here, at a third."""
    from datasketch import MinHash

    return MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=zlib.crc32, scheme="affine32")
