"""Words that a stemmer leaves apart and that news uses for one another: irregular forms, and a few pairs of synonyms."""

from __future__ import annotations

from assistant.terms import stem

_GROUPS = """
win won winner / lose lost loss / die died dead death / buy bought purchase / sell sold sale / pay paid / leave left
steal stole stolen theft / rise rose risen / fall fell fallen / begin began begun start / hold held / meet met meeting
speak spoke spoken / take took taken / find found / make made / quit resign resignation / shoot shot shooting
strike struck / send sent / lead led leader / choose chose chosen pick / withdraw withdrew withdrawn / grow grew growth
drive drove driven driver / fly flew flown flight / write wrote written writer author / sing sang sung singer
build built / break broke broken / catch caught / teach taught teacher / spend spent / bear born birth / hit struck
elect election / kill killing / movie film / cost price / percent percentage / country nation / car vehicle auto
kid child children / firm company / doctor physician / employee worker staff / marry wed wedding marriage
uk britain british / us usa america american / england english / france french / germany german / spain spanish
italy italian / russia russian / china chinese / japan japanese / ukraine ukrainian / israel israeli / ireland irish
scotland scottish / wales welsh / republican gop / democrat democratic / covid coronavirus / vaccine vaccination jab
earthquake quake / injure injury hurt wound / arrest detain / ban prohibit outlaw / layoff laid / announce announcement
sue lawsuit / jail prison imprison / soccer football / tv television / retire retirement / close closure shut
nominate nomination nod / study research / storm hurricane cyclone / airline carrier / drug medicine / virus disease
police cop / scientist researcher / colour color
"""


def _same_words() -> dict[str, frozenset[str]]:
    groups = [frozenset(stem(word) for word in group.split()) for group in _GROUPS.replace("\n", "/").split("/")]
    return {word: group for group in groups for word in group}


_SAME = _same_words()


def same_word(term: str) -> frozenset[str]:
    """The stems that count as this one, itself among them."""
    return _SAME.get(term, frozenset()) | {term}
