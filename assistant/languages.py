"""The English names of languages by their ISO 639-1 codes, those that news is most written in; others keep their code."""

from __future__ import annotations

_NAMES = dict(
    pair.split("=")
    for pair in (
        "ar=Arabic bg=Bulgarian bn=Bengali ca=Catalan cs=Czech da=Danish de=German el=Greek en=English es=Spanish et=Estonian "
        "fa=Persian fi=Finnish fr=French he=Hebrew hi=Hindi hr=Croatian hu=Hungarian id=Indonesian it=Italian ja=Japanese "
        "ko=Korean lt=Lithuanian lv=Latvian ms=Malay nb=Norwegian nl=Dutch no=Norwegian pl=Polish pt=Portuguese ro=Romanian "
        "ru=Russian sk=Slovak sl=Slovenian sq=Albanian sr=Serbian sv=Swedish sw=Swahili ta=Tamil th=Thai tr=Turkish "
        "uk=Ukrainian ur=Urdu vi=Vietnamese zh=Chinese"
    ).split()
)


def language_name(code: str) -> str:
    return _NAMES.get(code.lower().partition("-")[0], code)
