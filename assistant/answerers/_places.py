"""Names of countries and of the states of the USA, as alternatives of a regular expression. General knowledge."""

from __future__ import annotations

COUNTRIES = "|".join(
    """
    Afghanistan,Albania,Algeria,Andorra,Angola,Argentina,Armenia,Australia,Austria,Azerbaijan,Bahamas,Bahrain,Bangladesh,
    Barbados,Belarus,Belgium,Belize,Benin,Bhutan,Bolivia,Bosnia,Botswana,Brazil,Britain,Brunei,Bulgaria,Burkina Faso,Burundi,
    Cambodia,Cameroon,Canada,Cape Verde,Chad,Chile,China,Colombia,Comoros,Congo,Costa Rica,Croatia,Cuba,Cyprus,Czechia,
    Czech Republic,Denmark,Djibouti,Dominican Republic,Dominica,East Timor,Ecuador,Egypt,El Salvador,England,
    Equatorial Guinea,Eritrea,Estonia,Eswatini,Ethiopia,Fiji,Finland,France,Gabon,Gambia,Georgia,Germany,Ghana,Greece,
    Greenland,Grenada,Guatemala,Guinea,Guyana,Haiti,Honduras,Hong Kong,Hungary,Iceland,India,Indonesia,Iran,Iraq,Ireland,
    Israel,Italy,Ivory Coast,Jamaica,Japan,Jordan,Kazakhstan,Kenya,Kiribati,Kosovo,Kuwait,Kyrgyzstan,Laos,Latvia,Lebanon,
    Lesotho,Liberia,Libya,Liechtenstein,Lithuania,Luxembourg,Madagascar,Malawi,Malaysia,Maldives,Mali,Malta,
    Marshall Islands,Mauritania,Mauritius,Mexico,Micronesia,Moldova,Monaco,Mongolia,Montenegro,Morocco,Mozambique,Myanmar,
    Namibia,Nauru,Nepal,Netherlands,New Zealand,Nicaragua,Nigeria,Niger,North Korea,North Macedonia,Northern Ireland,Norway,
    Oman,Pakistan,Palau,Palestine,Panama,Papua New Guinea,Paraguay,Peru,Philippines,Poland,Portugal,Qatar,Romania,Russia,
    Rwanda,Samoa,San Marino,Saudi Arabia,Scotland,Senegal,Serbia,Seychelles,Sierra Leone,Singapore,Slovakia,Slovenia,
    Solomon Islands,Somalia,South Africa,South Korea,South Sudan,Spain,Sri Lanka,St Lucia,Sudan,Suriname,Sweden,Switzerland,
    Syria,Taiwan,Tajikistan,Tanzania,Thailand,Togo,Tonga,Trinidad and Tobago,Tunisia,Turkey,Türkiye,Turkmenistan,Tuvalu,
    Uganda,Ukraine,United Arab Emirates,UAE,United Kingdom,UK,United States,USA,US,Uruguay,Uzbekistan,Vanuatu,Vatican,
    Venezuela,Vietnam,Wales,Yemen,Zambia,Zimbabwe
    """.replace("\n    ", "")
    .strip()
    .split(",")
)

STATES = "|".join(
    """
    Alabama,Alaska,Arizona,Arkansas,California,Colorado,Connecticut,Delaware,Florida,Georgia,Hawaii,Idaho,Illinois,Indiana,
    Iowa,Kansas,Kentucky,Louisiana,Maine,Maryland,Massachusetts,Michigan,Minnesota,Mississippi,Missouri,Montana,Nebraska,
    Nevada,New Hampshire,New Jersey,New Mexico,New York,North Carolina,North Dakota,Ohio,Oklahoma,Oregon,Pennsylvania,
    Rhode Island,South Carolina,South Dakota,Tennessee,Texas,Utah,Vermont,Virginia,Washington,West Virginia,Wisconsin,Wyoming
    """.replace("\n    ", "")
    .strip()
    .split(",")
)
