"""What addresses are made of, as patterns: streets, units, towns, states, postcodes."""

from baclofen_faq.redaction.rules import by_letter, word_list

CLEAR = (
    r"(?:street|str|st|avenue|ave?|road|rd|boulevard|blvd|lane|ln|terrace|terr|crescent|cres|parkway"
    r"|pkwy|highway|hwy|mews|gardens|gdns|esplanade|parade"
    r"|tce|cct|circuit|crt|pde|bvd|turnpike|tpke|expressway|freeway|alley|plaza)\b\.?"
)
VAGUE = (
    r"(?:drive|dr|way|close|place|pl|court|ct|circle|cir|row|walk|park|view|hill|rise|green|grove|gr"
    r"|square|sq|quay|trail|loop|run|cove|point|ridge|manor|villas|estate|wharf|strand|field|fields"
    r"|heights|hts|trl|hollow|gate|brae|wynd|chase|crossing|landing|pike|trace|croft|creek|wood|woods"
    r"|common|mount|path|pass|bend|cross|glen|vale|meadow|meadows)\b\.?"
)
COMPASS = r"(?:[nsew]\.?|n\.?e\.?|n\.?w\.?|s\.?e\.?|s\.?w\.?|north|south|east|west)"
UNIT = r"(?:apartment|apt|flat|unit|suite|ste|room|rm|lot|floor|fl|no)\.? ?#?(?:\d{1,4} ?[a-z]?|[a-z])\b|#\s?\w{1,5}\b"
HOUSE = r"(?<![\w./:,$£€%+-])(?:\d{1,3}/)?\d{1,5}(?: ?[a-h](?= ))?(?:-\d{1,4})?"
WORD = r"(?:[^\W\d_]['’]?){1,20}"
NAME = rf"(?:{WORD}|\d{{1,3}}(?:st|nd|rd|th))"
ZIP = r"\d{5}(?:-\d{4})?(?![\d-])"
POSTCODE = r"(?:GIR|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?) ?\d[ABD-HJLNP-UW-Z]{2}\b"
EIRCODE = r"[AC-FHKNPRTV-Y]\d[\dW] ?[AC-FHKNPRTV-Y\d]{4}\b"
STATE = (
    r"(?:A[KLRZ]|CO(?!\.? (?:clare|cork|derry|down|dublin|galway|kerry|kildare|laois|mayo|meath|sligo"
    r"|tyrone)\b)|C[AT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]"
    r"|T[NX]|UT|V[AT]|W[AIVY]|NSW|VIC|QLD|TAS|ACT|NT|SA)\b"
)
LONG_STATE = (
    r"(?:alabama|alaska|arizona|california|colorado|connecticut|florida|georgia|illinois|indiana|iowa"
    r"|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota"
    r"|missouri|montana|nebraska|nevada|new (?:jersey|york|mexico|hampshire)|(?:north|south) "
    r"(?:carolina|dakota)|ohio|oklahoma|oregon|pennsylvania|tennessee|texas|utah|vermont|virginia"
    r"|washington|wisconsin|wyoming|victoria|queensland|tasmania)\b"
)
AREA = rf"(?:{STATE}|{LONG_STATE})"
CODE = rf"(?:{ZIP}|{POSTCODE}|{EIRCODE}|\d{{4}}\b(?=\W|$))"
CITY = rf"{WORD}(?:[ -]{WORD}){{0,2}}"
PLACE = rf"(?:,? {CITY}){{1,2}}?,? (?:{AREA},? )?{CODE}|(?:,? {CITY})?,? {AREA}(?!\w)|,? {CODE}"
COUNTY = rf",? ?(?:co\.|co|county) {WORD}"
TOWN = (
    rf"(?:{COUNTY}|, ?(?!co\b)(?-i:[A-Z]){WORD}(?: (?-i:[A-Z]){WORD}){{0,2}}){{1,3}}(?: \d{{1,2}}\b(?!"
    rf" ?m))?|,? via (?-i:[A-Z]){WORD}"
)
TAIL = rf"(?:,? (?:{UNIT}))?(?:{PLACE}|{TOWN}(?:{PLACE})?)?"
BUILDING = (
    rf"(?:the (?:(?-i:[A-Z]){WORD} ){{0,2}}(?-i:[A-Z]){WORD}|(?:(?-i:[A-Z]){WORD} ){{1,2}}(?:house|cottage"
    rf"|farm|lodge|mill"
    r"|barn|hall|manor|court|villas?|flats|towers?|mansions?|rectory|vicarage)), ?"
)
HEAD = rf"(?<!\w)(?=[\d#aflnrsu])(?:(?:{UNIT})[,/]? ?)?(?:(?:rmb|rsd|lot) )?{HOUSE},? (?:{COMPASS} )?"
SPOKEN_HOUSE = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight"
    r"|nine))?)\b(?: (?:hundred|oh|and|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)|one|two"
    r"|three|four|five"
    r"|six|seven|eight|nine|ten|eleven|twelve)\b){0,3}"
)
CUE = (
    by_letter(
        r"\b(?=[a-z])(?:address|addr|live|lives|living|located|staying|stays|home|we are|we['’]re|were"
        r"|i['’]?m|am|ambulance|come|send|sent|deliver(?:y|ed)?|ship|mail|post)\b"
    )
    + r"[^\d\n]{0,25}"
)
TOWNS = word_list(
    "cork bath reading derby rugby hull sale wells york bury mobile orange kent deal new san los fort "
    "saint st port santa el salt great north south east west upper lower mount cape grand palm little "
    "long dublin london leeds belfast galway limerick boston phoenix austin houston chester"
)
"""Ordinary words that begin the names of towns."""
NOT_STREETS = word_list(
    "a an the in on of my his her our your their at by to for from with and or but per is was mg mcg "
    "ml tablet tablets pill pills times time day days hour hours hr hrs week weeks min"
    " mins minutes month months year years yr yrs old am pm blocks miles people patients down up out "
    "off this that it he she we i you us same more spasms dose doses refill refills"
    " baclofen every each about round right all half get got go going drive in no not out took take "
    "takes taken long short late ago since until till through x"
)
