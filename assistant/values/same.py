"""Whether two values say the same, names and their spellings included."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from math import isclose

from assistant.terms import STOP_WORDS
from assistant.types import Kind
from assistant.values.value import Value


def same_value(a: Value, b: Value) -> bool:
    """Whether two values say the same: as much of the same unit with the same bound, the same days, the same name.

    A surname is the same as the full name, an acronym as what it stands for, "British" as "the UK". What is counted is not
    compared: two texts may call it countries and nations.
    """
    if a.kind is not b.kind:
        return False
    if a.kind is Kind.NAME:
        return same_name(a.key, b.key)
    if a.kind is Kind.DATE:
        return _same_date(a, b)
    return same_unit(a, b) and a.bound == b.bound and same_amount(a, b)


def same_amount(a: Value, b: Value) -> bool:
    """Whether the figures are the same, whatever their unit and bound."""
    return _close(a.number, b.number) and (a.number is not None or (_close(a.low, b.low) and _close(a.high, b.high)))


def same_unit(a: Value, b: Value) -> bool:
    """Whether the units are the same; "pounds" may be money or weight."""
    return a.unit == b.unit or ({a.unit, b.unit} <= {"pound", "gbp", "lb"} and "pound" in (a.unit, b.unit))


def _close(a: float | None, b: float | None) -> bool:
    return a is b if a is None or b is None else isclose(a, b, rel_tol=1e-9)


def _same_date(a: Value, b: Value) -> bool:
    if a.precision == "time" or b.precision == "time":
        return a.precision == b.precision and bool(_times(a) & _times(b))
    if a.day and b.day:
        return (a.day, a.until) == (b.day, b.until)
    return bool(a.key) and a.key == b.key


def _times(value: Value) -> set[float]:
    """The times of day that the words may mean: "six o'clock" is one of two."""
    return {minutes for minutes in (value.number, value.high) if minutes is not None}


_COUNTRIES = """
afghanistan: afghan afghans | albania: albanian | algeria: algerian | argentina: argentine argentinian | armenia: armenian
australia: australian australians | austria: austrian österreich | azerbaijan: azerbaijani | bangladesh: bangladeshi
belarus: belarusian belarussian | belgium: belgian | bolivia: bolivian | brazil: brazilian brazilians | bulgaria: bulgarian
britain: british briton britons uk united_kingdom great_britain großbritannien reino_unido royaume-uni | cambodia: cambodian
cameroon: cameroonian | canada: canadian canadians | chile: chilean | china: chinese | colombia: colombian | croatia: croatian
cuba: cuban | cyprus: cypriot | czech_republic: czech czechia | denmark: danish dane danes | ecuador: ecuadorian
egypt: egyptian egyptians | england: english | estonia: estonian | ethiopia: ethiopian | finland: finnish finn finns
france: french frenchman frankreich francia | georgia: georgian | germany: german germans deutschland alemania allemagne
ghana: ghanaian | greece: greek greeks | guatemala: guatemalan | haiti: haitian | hungary: hungarian | iceland: icelandic
india: indian indians | indonesia: indonesian | iran: iranian iranians | iraq: iraqi iraqis | ireland: irish
israel: israeli israelis | italy: italian italians italien italia | jamaica: jamaican | japan: japanese | jordan: jordanian
kazakhstan: kazakh | kenya: kenyan kenyans | kosovo: kosovan | kuwait: kuwaiti | latvia: latvian | lebanon: lebanese
libya: libyan | lithuania: lithuanian | malaysia: malaysian | mali: malian | mexico: mexican mexicans | moldova: moldovan
mongolia: mongolian | morocco: moroccan | myanmar: burma burmese | nepal: nepali nepalese | netherlands: dutch
new_zealand: new_zealander | nigeria: nigerian nigerians | north_korea: north_korean north_koreans dprk | norway: norwegian
pakistan: pakistani pakistanis | palestine: palestinian palestinians | panama: panamanian | peru: peruvian
philippines: filipino filipinos philippine | poland: polish poles polen polonia | portugal: portuguese | qatar: qatari
romania: romanian | russia: russian russians russland rusia russie | rwanda: rwandan | saudi_arabia: saudi saudis
scotland: scottish scots | senegal: senegalese | serbia: serbian serb serbs | singapore: singaporean | slovakia: slovak
slovenia: slovenian slovene | somalia: somali | south_africa: south_african south_africans
south_korea: south_korean south_koreans | spain: spanish spaniards spanien españa espagne | sri_lanka: sri_lankan
sudan: sudanese | sweden: swedish swedes | switzerland: swiss schweiz suiza suisse | syria: syrian syrians
taiwan: taiwanese | tanzania: tanzanian | thailand: thai | tunisia: tunisian | turkey: turkish turks türkiye
uganda: ugandan | ukraine: ukrainian ukrainians | uruguay: uruguayan | venezuela: venezuelan | vietnam: vietnamese
united_states: us usa america american americans united_states_of_america | wales: welsh | yemen: yemeni
zambia: zambian | zimbabwe: zimbabwean | european_union: eu
""".replace("\n", "|")


def same_name(a: str, b: str) -> bool:
    """Whether two keys of names may mean the same: equal, surname and full name, acronym, middle names left out."""
    if a == b:
        return bool(a)
    short, long = sorted((a.split(), b.split()), key=len)
    if not short or len(short) == len(long):
        return False
    initials = "".join(word[0] for word in long if word not in STOP_WORDS)
    if len(short) == 1 and len(long) > 1 and short[0] == initials:
        return True
    surname = long[-len(short) :] == short
    return surname or (len(short) > 1 and (short[0], short[-1]) == (long[0], long[-1]))


_FINAL_Y = re.compile(r"(?<=\w{4})(?:yy|iy|ii|ij|yi|i|y)$")  # Zelensky, Zelenskyy and Zelenskiy are one


@lru_cache(maxsize=8192)
def name_key(written: str) -> str:
    """A name as it compares: small letters, no accents, dots, possessive or article; countries by one name."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", written) if not unicodedata.combining(c))
    words = re.sub(r"['’]s?\b", "", plain.replace(".", "")).casefold()
    key = " ".join(_FINAL_Y.sub("y", word) for word in re.findall(r"[^\W_]+", words)).removeprefix("the ")
    return _country_names().get(key, key)


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    named: dict[str, str] = {}
    for entry in filter(str.strip, _COUNTRIES.split("|")):
        country, forms = entry.strip().split(":")
        named |= dict.fromkeys([country, *forms.split()], country.replace("_", " "))
    return {_bare(form.replace("_", " ")): country for form, country in named.items()}


def _bare(form: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", form) if not unicodedata.combining(c))
    return " ".join(_FINAL_Y.sub("y", word) for word in re.findall(r"[^\W_]+", plain.casefold()))


def is_country(written: str) -> bool:
    return name_key(written) in _country_keys()


@lru_cache(maxsize=1)
def _country_keys() -> frozenset[str]:
    return frozenset(_country_names().values())
