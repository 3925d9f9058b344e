"""The tables that numbers are read with: number words, units, currencies, bounds. One line an entry, forms behind the colon."""

from __future__ import annotations

from assistant.terms import STOP_WORDS


def _forms(table: str) -> dict[tuple[str, ...], str]:
    """Words of a form to the entry it belongs to, from lines like "km: km; kilometres"."""
    found: dict[tuple[str, ...], str] = {}
    for line in table.strip().splitlines():
        entry, forms = line.split(":")
        found |= {tuple(form.split()): entry.strip() for form in forms.split(";")}
    return found


def _in_order(words: str, start: int = 0) -> dict[str, float]:
    return {word: float(value) for value, word in enumerate(words.split(), start)}


SMALL = _in_order(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen"
)
TENS = {word: 10 * n for word, n in _in_order("twenty thirty forty fifty sixty seventy eighty ninety", 2).items()}
SCALES = {"hundred": 1e2, "dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
FOREIGN_SCALES = {
    **dict.fromkeys("millionen millones millón millions mio".split(), 1e6),
    **dict.fromkeys("milliarde milliarden milliard milliards mrd".split(), 1e9),
}
FOREIGN_COUNTS = {
    "de": _in_order("null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
    | {"zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "hundert": 100, "tausend": 1000, "million": 1e6},
    "es": _in_order("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce")
    | {"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "cien": 100, "mil": 1000},
    "fr": _in_order("zéro un deux trois quatre cinq six sept huit neuf dix onze douze")
    | {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "cent": 100, "mille": 1000},
}
GLUED_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}
MANY = {
    "dozens": 24.0,
    "scores": 40.0,
    "tens": 20.0,
    "hundreds": 2e2,
    "thousands": 2e3,
    "millions": 2e6,
    "billions": 2e9,
}
ORDINALS = _in_order(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth",
    1,
) | {"thirtieth": 30.0, "fortieth": 40.0, "fiftieth": 50.0, "hundredth": 100.0}
DENOMINATORS = {"half": 2.0, "quarter": 4.0, **{word: n for word, n in ORDINALS.items() if 3 <= n <= 20}}

UNITS = _forms("""
percent: %; percent; pct; prozent; per cent; por ciento; pour cent
permille: ‰
percentage point: percentage point; percentage points; percent points
basis point: basis point; basis points
usd: $; usd; dollar; dollars; us dollars; u.s. dollars; american dollars
aud: australian dollars
cad: canadian dollars
eur: €; eur; euro; euros
gbp: £; gbp; pounds sterling
pound: pound; pounds
jpy: ¥; jpy; yen
cny: cny; rmb; yuan; renminbi
inr: ₹; inr; rupee; rupees
rub: ₽; rub; rouble; roubles; ruble; rubles
chf: chf; franc; francs; swiss francs
cent: cent; cents; pence
km: km; kms; kilometre; kilometres; kilometer; kilometers
m: metre; metres; meter; meters
cm: cm; centimetre; centimetres; centimeter; centimeters
mm: mm; millimetre; millimetres; millimeter; millimeters
mile: mile; miles
foot: foot; feet; ft
inch: inch; inches
yard: yard; yards
km2: km²; square km; square kilometres; square kilometers
m2: m²; square metres; square meters
mile2: square mile; square miles
foot2: square foot; square feet
m3: m³; cubic metres; cubic meters
acre: acre; acres
hectare: ha; hectare; hectares
kg: kg; kgs; kilo; kilos; kilogram; kilograms; kilogramme; kilogrammes
g: gram; grams; gramme; grammes
tonne: tonne; tonnes; metric ton; metric tons; metric tonnes
ton: ton; tons
lb: lb; lbs
ounce: oz; ounce; ounces
litre: litre; litres; liter; liters
gallon: gallon; gallons
barrel: barrel; barrels
kmh: kph; kmh; km / h; km per hour; kilometres per hour; kilometers per hour; kilometres an hour; kilometers an hour
mph: mph; miles per hour; miles an hour
knot: knot; knots
kw: kw; kilowatt; kilowatts
mw: mw; megawatt; megawatts
gw: gw; gigawatt; gigawatts
kwh: kwh
mwh: mwh
degree: °; degree; degrees
celsius: ° c; ℃; celsius; degrees celsius; degree celsius; degrees c
fahrenheit: ° f; ℉; fahrenheit; degrees fahrenheit; degree fahrenheit; degrees f
second: seconds; sec; secs
minute: minute; minutes; min; mins
hour: hour; hours; hr; hrs
day: day; days
week: week; weeks
month: month; months
year: year; years; yr; yrs
decade: decade; decades
century: century; centuries
times: times; fold
point: point; points
""")
LONGEST_UNIT = 3  # words
CURRENCIES = {
    "$": "usd", "£": "gbp", "€": "eur", "¥": "jpy", "₹": "inr", "₽": "rub", "₩": "krw", "₺": "try", "₴": "uah", "₪": "ils",
    "usd": "usd", "eur": "eur", "gbp": "gbp", "chf": "chf", "us$": "usd", "a$": "aud", "c$": "cad", "nz$": "nzd", "hk$": "hkd",
    "s$": "sgd", "r$": "brl",
}  # fmt: skip

BOUNDS = _forms("""
more: more than; greater than; higher than; larger than; longer than; older than; bigger than; over; just over; above; >
more: exceeding; exceeded; exceeds; upwards of; in excess of; north of; mehr als; über; más de; plus de
at least: at least; no fewer than; no less than; not less than; a minimum of; minimum of; mindestens; al menos; au moins; ≥
less: less than; fewer than; lower than; smaller than; shorter than; younger than; under; below; short of; <
less: weniger als; menos de; moins de
at most: at most; no more than; not more than; a maximum of; maximum of; höchstens; como máximo; au plus; ≤
up to: up to; as many as; as much as; bis zu; hasta; jusqu'à
nearly: nearly; almost; close to; just under; just below; just short of; approaching; casi; presque; près de
about: about; around; roughly; approximately; approx; some; an estimated; estimated; circa; ~; ≈; rund; etwa; ungefähr
about: unos; unas; alrededor de; environ; quelque
""")
LONGEST_BOUND = 3  # words
BOUNDS_BEHIND = _forms("""
at least: or more; or older; or over; and over; and older; - plus; +
at most: or fewer; or less; or under; or younger
about: or so; - odd
""")
METRES_BEFORE = frozenset("tall high long deep wide away sprint race hurdles freestyle final relay".split())
PLURALS = frozenset("people men women children crew police staff troops mps sheep fish aircraft".split())
VOTED = frozenset("votes ballots seats goals".split())  # may stand inside a score: "1,018 votes to 304"
NO_COUNT_BEFORE_ONE = frozenset("no any some every each this that the another which whichever square back day".split())
NOT_NOUNS = (STOP_WORDS - {"name"}) | frozenset(
    "percent per below above behind near against among across toward towards around also"
    " yet still later earlier ago died killed injured wounded arrested voted went came said told took made"
    " won lost scored fell rose left lives live work works joined signed".split()
)
