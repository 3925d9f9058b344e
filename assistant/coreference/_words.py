"""The words by which names and descriptions are told apart: titles, roles, places, firms, and what people and firms do."""

from __future__ import annotations

import re

from assistant.clauses import SAYING


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MALE_TITLES = _words("mr sir king prince lord pope father brother")
FEMALE_TITLES = _words("mrs ms miss lady queen princess mme sister dame baroness")
TITLES = _words(
    """president minister chancellor secretary senator governor mayor judge justice captain admiral general colonel major
    sergeant lieutenant officer professor prof dr doctor representative congressman congresswoman chief commissioner
    director ambassador bishop archbishop cardinal coach inspector sheriff chairman chairwoman premier speaker spokesman
    spokeswoman mp rep sen gov gen capt col sgt lt rev emperor sultan sheikh ayatollah attorney"""
) | (MALE_TITLES | FEMALE_TITLES)
MALE_ROLES = _words(
    """man boy father husband son brother uncle grandfather king prince spokesman chairman businessman fisherman policeman
    congressman actor gentleman grandson nephew widower salesman"""
)
FEMALE_ROLES = _words(
    """woman girl mother wife daughter sister aunt grandmother queen princess spokeswoman chairwoman businesswoman
    policewoman congresswoman actress lady granddaughter niece widow"""
)
ROLES = (
    _words(
        """president minister chancellor secretary senator governor mayor judge captain admiral general officer
        professor doctor commissioner director ambassador bishop coach inspector sheriff premier speaker spokesperson lawyer
        chief leader head manager teacher driver singer player pilot student suspect victim author writer artist painter
        scientist researcher economist founder owner chair candidate prosecutor witness patient child teenager resident
        worker employee farmer soldier worshipper passenger neighbour neighbor expert critic analyst executive nurse rider
        athlete champion winner thief librarian hydrologist mediator"""
    )
    | MALE_ROLES
    | FEMALE_ROLES
)
FEMALE_NAMES = _words(
    """mary anna anne ann maria sarah sara laura emma julia lisa jane susan karen elizabeth margaret angela ursula giorgia
    theresa kamala hillary nancy michelle jennifer jessica amanda melissa rachel rebecca hannah olivia sophie sophia
    charlotte alice helen diana kate catherine emily lucy claire nicola marine christine janet greta taylor serena naomi
    simone liz martha linda patricia barbara sandra ingrid bridget rosa dolores janelle mina dana colette amara"""
)
MALE_NAMES = _words(
    """john james robert michael william david richard joseph thomas charles daniel matthew anthony mark donald steven paul
    andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric stephen
    jonathan larry justin scott brandon benjamin samuel frank gregory raymond alexander patrick jack dennis peter vladimir
    volodymyr emmanuel keir joe barack boris rishi olaf friedrich antony lionel elon bill jeff tim tom bob jim henry harry
    hamish callum tomas gene ruben henrik aurel mike chris luke adam simon martin tony"""
)
GROUP_WORDS = _words(
    """company corporation corp inc ltd llc plc gmbh group holdings motors airlines airways line lines bank university
    college school hospital museum ministry department agency commission committee council union party court parliament
    senate congress police guild federation association institute foundation office bureau board service services
    authority club times post journal courier ledger observer news daily wire press energy cells systems industries
    technologies pharmaceuticals records studios church guard army navy force nations treasury house administration
    government kremlin nato eu un fed reuters society trust fund league network organization organisation partners
    laboratories works plant factory brewery orchestra theatre theater centre center""",
)
PLACE_WORDS = _words(
    """street avenue road city county island islands valley river lake mountain mountains sea bay ocean gulf strait
    province state states republic kingdom park bridge square airport port beach coast peninsula sound creek hill hills
    district region village town territory desert canal canyon forest harbour harbor""",
)
PLACE_FIRST = _words(
    """new port san los las saint st santa north south east west fort mount lake cape hong tel abu sri costa puerto great
    upper lower"""
)
COUNTRIES = _words(
    """afghanistan albania algeria argentina armenia australia austria azerbaijan bangladesh belarus belgium bolivia brazil
    britain bulgaria cambodia cameroon canada chile china colombia croatia cuba cyprus denmark ecuador egypt england
    estonia ethiopia finland france georgia germany ghana greece haiti hungary iceland india indonesia iran iraq ireland
    israel italy jamaica japan jordan kazakhstan kenya kosovo kuwait latvia lebanon libya lithuania luxembourg malaysia
    mali malta mexico moldova mongolia morocco mozambique myanmar namibia nepal netherlands niger nigeria norway pakistan
    palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda scotland senegal serbia
    singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania thailand tunisia turkey
    uganda ukraine uruguay venezuela vietnam wales yemen zambia zimbabwe uk us usa u.s u.k"""
)
CITIES = _words(
    """london paris berlin rome madrid moscow kyiv kiev washington beijing tokyo brussels vienna warsaw prague budapest
    athens lisbon dublin oslo stockholm copenhagen helsinki delhi mumbai cairo baghdad tehran jerusalem istanbul ankara
    sydney melbourne toronto ottawa chicago boston houston dallas miami seattle philadelphia atlanta detroit denver geneva
    zurich munich hamburg frankfurt milan barcelona manchester liverpool birmingham glasgow edinburgh belfast cardiff
    shanghai seoul bangkok manila jakarta karachi kabul nairobi lagos johannesburg gaza"""
)
REGIONS = _words(
    """alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho illinois indiana iowa
    kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada
    hampshire jersey mexico carolina dakota ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia
    wisconsin wyoming ontario quebec alberta bavaria saxony catalonia andalusia crimea donbas siberia europe asia africa
    america antarctica"""
)
PEOPLE_AND_PLACES = _words(
    "jordan georgia chad israel paris sydney austin dallas houston washington lincoln virginia carolina florence chelsea"
)
AGENCIES = _words(
    "reuters bloomberg afp ap cnn bbc nbc abc cbs fox dpa tass xinhua google apple microsoft amazon meta tesla"
)
CALENDAR = _words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december christmas easter"""
)
HUMAN_VERBS = SAYING | _words(
    """met visited resigned married died joined replied answered asked smiled tweeted testified apologised apologized
    pleaded won lost spoke wrote born retired called urged attended praised criticised criticized briefed travelled
    traveled declined refused denied signed pledged vowed hailed"""
)
AGENT_VERBS = SAYING | _words(
    """declined declines refused refuses plans planned employs employed owns owned operates operated sells sold bought pays
    paid hired fired sued apologised apologized offered offers makes made produces produced runs ran launched published
    accused urged voted promised pledged settled recalled recruited rejected intends wants wanted hopes closed opened"""
)
HE = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she"}
THEY = _words("they them their")
COMPANY = _words("company firm airline carmaker automaker retailer manufacturer bank corporation")
THING_NOUNS = _words(
    """plant factory hospital museum university school college court ferry ship vessel bridge airport station port mine
    dam stadium prison church library agency ministry commission committee council union party institute foundation
    association club newspaper festival tower hotel theatre theater laboratory"""
)
CITY_NOUNS = _words("city town village")
RANKED = _words(
    """president minister chancellor mayor governor captain premier king queen pope prince admiral general senator judge
    commissioner"""
)
NAME_WORD = re.compile(r"[^\W\d_]")
PLURALS = _words("people police men women children strikers families")
OFFICES = _words(  # nobody calls them "the company"
    """times post journal courier ledger observer news daily wire press police court parliament senate congress council
    ministry department commission committee government house"""
)
