"""The words that tell how a conversation goes on: help is there, thanks, yes and no, the route. All read the text as typed."""

import re

HELP_IS_HERE = re.compile(
    r"\b(?:ambulance|paramedics?|ems|medics?|ambos?|911|999|help|crew|doctor|nurse|fire brigade)(?:'?s| is| are| has| have)? (?:just |already |now )*"
    r"(?:here|on (?:its|the|their|his|her) way|coming|arrived|got here|pulled up|with (?:him|her|us|me))"
    r"|\b(?:they|he|she)(?:'?re|'?ve| are| have|'?s| is| has) (?:just |already |now )*(?:here|arrived|got here|on (?:their|the|its) way|taking (?:him|her|me)|loading (?:him|her|me))"
    r"|\b(?:we'?re|i'?m|we are|i am|he'?s|she'?s|he is|she is|now|already) (?:now |already |just )*(?:in|at) (?:the )?(?:ambulance|hospital|er|emergency room|a&e|icu|ed)\b",
    re.IGNORECASE,
)
NO_HELP = re.compile(
    r"\b(?:no|not|never|nobody|none|cannot|can'?t|isn'?t|aren'?t|won'?t|if|when|should|would|until|was|were)\b (?:\w+ ){0,3}(?:ambulance|paramedics?|help|coming|here|hospital|safe|er|with me)\b"
    r"|^(?:is|are) (?:\w+ ){1,2}(?:coming|here)|\b(?:every (?:\w+ )?(?:minutes?|hours?|few)|one after)\b|\?",
    re.IGNORECASE,
)
DID_NOT_HAPPEN = re.compile(
    r"\b(?:false alarm|falsa alarma|(?:it )?(?:did ?n'?o?t|never) (?:really |actually )?happen(?:ed)?|turn(?:s|ed) out (?:it was|it's|he was|she was|to be) (?:only|just|nothing|fine|asleep|a )"
    r"|was (?:only|just|actually) (?:cold|joking|pretending|asleep|sleeping|dreaming|a dream|kidding|messing|a typo|shivering from|ignoring)"
    r"|(?:sorry|oops|ignore).{0,30}(?:typo|autocorrect|meant|wrong (?:chat|word|window))|typo|autocorrect)\b",
    re.IGNORECASE,
)
DENIES = re.compile(
    r"\b(?:no|nope|nah|not|never|none|nothing|without|(?:is|are|was|were|has|have|had|do|does|did|ca|could|wo|would|should)n'?t)\b",
    re.IGNORECASE,
)
HAS_PUMP = re.compile(
    r"\bbomba de (?:mi|baclofeno)\b|\b(?:tengo|traigo|tiene|trae|con|have|has) (?:la|una|su|mi) bomba\b|"
    r"\b(?:my|his|her|their|our|have an?|has an?|got an?|with an?|on the|on a) (?:\w+ ){0,2}(?:pump|catheter)\b(?! (?:team|clinic))"
    r"|\b(?:pump|itb|intrathecal) (?:user|patient|kid|child)\b|\bmy refill\b|\btengo (?:una )?bomba\b"
    r"|^\W*(?:no|nope|sorry|actually|i meant?)\W+(?:\w+\W+){0,3}(?:an?|the|my|his|her) (?:\w+ )?pump\W*$",
    re.IGNORECASE,
)
NO_PUMP = re.compile(
    r"\b(?:without an?|don'?t have an?|doesn'?t have an?|haven'?t got an?|hasn'?t got an?|never had an?|not an?|no) (?:baclofen )?pump\b(?! (?:alarm|clinic|team|problem|refill|noise|beep|doctor|nurse))"
    r"|^\W*no,? (?:just |only )?(?:tablets|pills|liquid)\b"
    r"|^\W*(?:no|nope|sorry|actually|i meant?)\W+(?:(?!more|any|out|not)\w+\W+){0,4}(?:tablets?|pills?|liquid|by mouth)\W*$",
    re.IGNORECASE,
)
BY_MOUTH = re.compile(r"\b(?:tablets?|pills?|liquid|syrup|doses?|capsules?|by mouth|pastillas?)\b", re.IGNORECASE)
YES = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|y|si|sí|yes it is|it is|yes now|right now|yes he is|yes she is|yes i am|he is|she is)(?: please)?\W*$",
    re.IGNORECASE,
)
NO = re.compile(
    r"^\W*(?:no|nope|nah|n|not now|not right now|it isn'?t|it is not|no it isn'?t|no he isn'?t|no she isn'?t)(?: thanks?| thank you)?\W*$",
    re.IGNORECASE,
)
SAFE_MYSELF = re.compile(r"\b(?:i'?m|i am) (?:\w+ ){0,3}(?:safe|with)\b|\b(?:with|beside|holding) me\b", re.IGNORECASE)
SAFE_NOW = re.compile(
    r"\b(?:i'?m|i am|we'?re|she'?s|he'?s|they'?re|she is|he is) (?:(?!not\b|never\b|no\b|nowhere\b|un)\w+ ){0,2}(?:safe|with (?:my|the|a|his|her|someone|somebody|them))\b"
    r"|\b(?:my|his|her) \w+ (?:is |are |has |just |here )*(?:with|beside|sitting with|came in with|next to) (?:me|him|her)\b"
    r"|\b(?:is|are|s|'s|sitting|staying|stayin|here|sat) (?:(?!not\b|never\b|no\b)\w+ ){0,2}(?:with|beside|next to|holding|hugging) me\b|\bestoy (?:a salvo|con (?:mi|alguien))\b",
    re.IGNORECASE,
)
OWN_WORDS = re.compile(
    r"^/(?:delete|show)_conversation$|\b(?:delete|erase|remove|clear|wipe) (?:all |everything|this|that|my|our|the)\b.{0,30}\b(?:conversation|chat|messages?|words|data|history|wrote|typed|said)\b"
    r"|\b(?:show|see|read) (?:me )?(?:what|all|everything) (?:that )?i(?:'?ve| have)? (?:wrote|written|typed|said)\b"
    r"|\b(?:what|which) .{0,20}\b(?:do|does|is) .{0,20}\b(?:store|stored|keep|kept|saved?)\b",
    re.IGNORECASE,
)
IS_QUESTION = re.compile(
    r"[?¿]|^\W*(?:(?:and|ok|okay|so|also|but|hi|hello|sorry|please|thanks|thank you|right|well|btw|um|oh|another thing|quick question)\W+)*"
    r"(?:what|what's|whats|wat|why|how|hows|who|where|when|which|will|would|is|are|does|do|did|can|could|should|has|have|que|como|cuando|cuanto|por que|puedo|tell me|explain)\b"
    r"|\b(?:wonder|wondering|want to know|wanted to know|like to know|question|tell me|explain|curious|ask)\b",
    re.IGNORECASE,
)
ASKS_SOMETHING = re.compile(
    r"^\W*(?:what|what's|whats|why|how (?!long|bad|much)|who|where|when|which|will|is|are|does|do|can) \w(?: ?\w)+ ?\?*$",
    re.IGNORECASE,
)
ABOUT_IT = re.compile(
    r"\b(?:he|hes|he's|him|his|she|shes|she's|her|hers|they|them|it|its|it's|this|that|that's|thats|these|those|now|instead|wait|waiting|tonight"
    r"|(?:can|should|could|shall|do|must|may) (?:i|we)|if i|i (?:take|give|call|ring|drive|wait)|call|calling|ring|ambulance|help|coming|paramedics?|911|999|112|000|really|serious"
    r"|what (?:do|should|can|shall) (?:i|we))\b(?! (?:withdrawal|medicine|drug|bot|chat|clinic|works?)\b)",
    re.IGNORECASE,
)
_ACK = (
    r"(?:ok(?:ay)?|k|thanks?|thx|ty|cheers|will do|got it|alright|yes|right|doing it|on it|bless you"
    r"|i(?:'?m| am|'?ll| will)|so much|a lot|very much|them|now|911|999|112|000|bye|you|god bless|love|mate|call(?:ing)?|dialing|ringing)"
)
ACKNOWLEDGES = re.compile(
    r"\b(?:thank|thanks|thx|ty|ta|cheers|ok|okay|aight|k|will do|doing it|got it|right away|call(?:ing?)?|ring(?:ing?)?|dial(?:l?ing?)?|on it|bless|bye|appreciate[ds]?"
    r"|gracias|going|legend|understood|very well|right then|noted)\b",
    re.IGNORECASE,
)
THANKS = re.compile(rf"^\W*{_ACK}(?:[\s,.!]+{_ACK})*\W*$", re.IGNORECASE)
