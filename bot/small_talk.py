"""What people say that asks nothing of the articles: greetings, thanks, objections, questions about the bot. Whole messages only.

Searched for, "Danke!" would bring the quotes that happen to be near it. Nothing of it is a turn: what follows refers to the question before.
"""

import re

_TO_BOT = r"(?: (?:amtsfunk|bot|du|ihnen|dir|euch|zusammen|there|leute))?"
_PATTERNS = {
    "greeting": rf"(?:hallo|hallöchen|hi|hey|moin(?: moin)?|servus|tach|grüß gott|grüezi|guten (?:tag|morgen|abend)|hello|good (?:morning|evening|afternoon)){_TO_BOT}"
    r"(?: wie geht s?(?: (?:dir|ihnen|es dir|es ihnen))?| wie gehts| wie geht es (?:dir|ihnen)| how are you)?"
    r"|wie geht es (?:dir|ihnen)|wie gehts?(?: s)?(?: dir| ihnen)?|how are you|na",
    "thanks": r"(?:(?:ok|okay|super|prima|toll|perfekt|alles klar|gut|great|cool|sehr gut|ah|ja) )*(?:(?:vielen |herzlichen |besten |lieben |tausend )?dank|danke|dankeschön|merci|thx"
    r"|thanks|thank you)(?: (?:schön|sehr|dir|ihnen|euch|vielmals|auch|a lot|you|so much|very much|bot|amtsfunk|für (?:die|deine|ihre) (?:hilfe|antwort|auskunft|infos?)))*"
    r"|(?:(?:ok|okay|super|prima|toll|perfekt|alles klar|cool|great|sehr gut|verstanden|gut so|top|klasse|nice) ?){1,2}",
    "farewell": r"tsch(?:ü|ue)(?:ss|ß|ssi)|auf wiedersehen|bis (?:bald|dann|morgen|später)|ciao|bye(?: bye)?|goodbye|gute nacht|schönen (?:tag|abend|feierabend)(?: noch)?",
    "self": r"(?:wer|was) (?:bist du|sind sie|ist amtsfunk)(?: eigentlich| denn)?|was (?:kannst du|können sie)(?: alles| denn| so)*|was machst du(?: so)?"
    r"|(?:bist du|sind sie) (?:(?:ein|eine|echt|wirklich|denn) )*(?:mensch|bot|roboter|ki|chatgpt|chatbot|maschine|computer|programm|echt)|wie hei(?:ß|ss)t du|wie hei(?:ß|ss)en sie"
    r"|wer hat dich (?:gemacht|gebaut|programmiert|entwickelt)|hilfe|help(?: me)?|who are you|what (?:are you|can you do)|are you (?:an? )?(?:human|bot|robot|ai|real)",
    "objection": r"(?:nein |nee |doch |aber )*(?:(?:das|die antwort|es) )?(?:stimmt|ist)(?: (?:doch|aber|so|ja|gar|überhaupt|einfach|leider|alles))* (?:nicht|falsch|unsinn|quatsch|gelogen|veraltet)"
    r"(?: (?:wahr|richtig|korrekt|so))?|(?:falsch|quatsch|unsinn|blödsinn|stimmt nicht|lüge|fake news)|(?:das )?glaube ich (?:dir |ihnen )?nicht|that s (?:wrong|not true|not right)"
    r"|that is (?:wrong|not true|not right)|wrong|nonsense",
    "source": r"(?:stimmt das|ist das (?:wirklich |auch |denn )?(?:so|wahr|sicher|richtig|aktuell)|wirklich|echt|sicher|im ernst|(?:bist du|sind sie) (?:dir |sich )?(?:da )?sicher"
    r"|really|are you sure|is that true)|(?:und )?(?:die )?(?:quellen?|sources?|beweise?|belege?)(?: bitte| please)?|woher (?:weißt|hast|kennst) du das|woher wissen sie das|wo steht das",
    "unclear": r"(?:das |ich )?(?:verstehe?|kapiere?) (?:ich )?(?:das |es |nur bahnhof |die antwort )?(?:leider |gar |überhaupt )?(?:nicht)?|(?:bitte )?(?:kannst du|können sie)? ?(?:mir )?"
    r"(?:(?:das|es) )?(?:bitte )?(?:erklär(?:e|en)?|fass(?:e)?|zusammenfassen)(?: (?:sie )?(?:mir|es|das|bitte|einfacher|genauer|nochmal|noch mal|kurz|zusammen|mit eigenen worten))*"
    r"|wie bitte|hä|was (?:meinst du|meinen sie)(?: damit)?|i (?:do not|don t) understand|explain(?: (?:that|this|it|please))*",
    "insult": r"(?:(?:du|sie) (?:bist|sind) |you are |you re )(?:(?:so|echt|ja|total|einfach|wirklich|ein|eine) )*(?:dumm|doof|blöd|nutzlos|schlecht|scheiße|unfähig|lächerlich|idiot|depp"
    r"|stupid|useless|dumb)|(?:idiot|depp|dummer bot|blöder bot|scheiß bot|stupid bot)",
}
_COMPILED = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
MAX_CHARS = 80  # nobody greets at greater length


def small_talk(text: str) -> str | None:
    """The kind of small talk (a key of ``texts.SMALL_TALK``) that ``text`` is as a whole, else None."""
    if len(text) > MAX_CHARS:
        return None
    words = " ".join(re.findall(r"[^\W_]+", text.lower()))
    return next((kind for kind, pattern in _COMPILED.items() if pattern.fullmatch(words)), None)
