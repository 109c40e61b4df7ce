"""What kind of answer a question asks for, and whether a text holds one: rules over question words and forms in the text.

The kinds follow the coarse classes of Li and Roth (2002, "Learning Question Classifiers"), with what German press releases need:
person, organisation, place, date, number, amount, share, duration, contact, definition, reason, name. "yes/no" and "list" expect no form.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from index.language.lexicon import is_common_word
from index.language.which import GERMAN
from index.language.words import clean_word, fold

# With their forms of a kind: what many people ask about is looked at again and again; most sentences have none.
KEPT_PASSAGES = 3000

# (kind, pattern over the question in lower case with umlauts folded); the first that fits counts.
_QUESTION_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("contact", r"\b(tel|telefon|telefonnr|telefonnummer|rufnummer|nummer|hotline|mail|email|e-mail|mailadresse|webadresse|internetadresse)\b(?!.*\bwie viele\b)"),
        ("share", r"\b(wie ?viele?|wie ?viel|um wie ?viel|wie hoch)\b.*\b(prozent|anteil|quote)|\bprozentsatz\b|\bwelche[rn]? (anteil|quote)\b"),
        ("amount", r"\b(was|wie ?viel) kostet\w*|\bkostet?\b|\bwie teuer|\bwie ?viel (geld|euro|mio|mittel|foerder\w*|zuschuss)|\bwie hoch\b|\b(summe|betrag|gebuehr|preisgeld|dotiert|budget)\b"),
        ("duration", r"\bwie ?lang(e)?\b|\bfuer welche dauer|\bwelche[nr]? zeitraum|\bwelche laufzeit|\bwie ?viele? (jahre?n?|monate?n?|tage?n?|wochen|stunden|minuten)\b"),
        ("number", r"\bwie ?viele?\b|\bauf wie ?viele?\b|\bwie (gross|weit|alt|schnell|oft|haeufig|schwer|breit|hoch|tief)\b|\banzahl\b|\bzahl der\b"),
        ("date", r"\bwann\b|\b(welche[smnr]?|an welchem|zu welchem|in welchem) (datum|tag|jahr|monat|termin|zeitpunkt|uhrzeit|jahrhundert|wochentag)\w*|\bum wie ?viel uhr|\bfrist\b"),
        ("reason", r"\b(warum|wieso|weshalb|weswegen|wozu|wodurch|aus welchem grund|woran liegt|aus welchen gruenden|was ist der grund)\b"),
        ("place", r"\b(wo|wohin|woher)\b|\b(welche[mnrs]?) (bezirk|ort|stadt|land|bundesland|ortsteil|strasse|platz|adresse|gebaeude|raum|kiez|staat|region)\w*"),
        ("person", r"\b(wer|wen|wem|wessen)\b|\bwie (heisst|hiess) (der|die) (?!programm|projekt)\w*(in|er|or|ent|chef|leiterin|leiter|frau|mann)\b"),
        ("definition", r"\b(was (ist|sind|bedeutet|heisst|war)|wofuer steht|wofuer steht|abkuerzung|bedeutung)\b|\A\W*(?:und )?was (?:macht|tut) (?:(?:der|die|das) )?[\w-]+(?: eigentlich)?\W*\Z"),
        ("organisation", r"\bwelche[mnrs]? (\w+ ){0,2}?\w*(behoerde|amt|firma|unternehmen|verein|stiftung|verwaltung|ministerium|institut|universitaet|hochschule|partner|traeger|gesellschaft|verband|anbieter|bank|organisation|dienstleister)\w*"),
        ("name", r"\bwie (heisst|hiess|heissen|hiessen|nennt|nannte|lautet|lautete)\b|\bwelche[mnrs]? (\w+ )?(titel|name|motto|projekt|programm|preis|tool|app|portal|software|werkzeug)\w*|\bunter welchem\b"),
    )
)  # fmt: skip

# The same for questions in other languages (see index/language/which.py), as they begin; over the question in lower case.
_FOREIGN_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("amount", r"\bhow much\b|\bcombien coût|\bne kadar\b|скільки коштує"),
        ("duration", r"\bhow long\b|\bcombien de temps\b|\bne kadar süre|як довго"),
        ("number", r"\bhow many\b|\bcombien\b|\bkaç\b|скільк"),
        ("date", r"\bwhen\b|\bquand\b|\bne zaman|\bколи\b|\bвідколи\b"),
        ("reason", r"\bwhy\b|\bpourquoi\b|\bneden\b|\bniçin\b|\bчому\b"),
        ("place", r"\bwhere\b|\boù\b|\bnere(?:de|ye)\b|\bде\b"),
        ("person", r"\bwho(?:m|se)?\b|\bqui\b|\bkim(?:in|ler)?\b|\bхто\b|\bким\b"),
        ("definition", r"\bwhat (?:is|are)\b|\bqu['’]est-ce\b|\bnedir\b|\bщо таке\b"),
    )
)

_MONTHS = "januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
_NUMBER_WORDS = (
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|fünfzehn|zwanzig|dreißig|vierzig|fünfzig|sechzig|hundert|tausend|"
    "dutzend|hälfte|drittel|viertel|million(?:en)?|milliarden?|einmalig|doppelt\\w*|erste[nrsm]?|zweite[nrsm]?|dritte[nrsm]?"
)
_UNITS = "jahr(?:e|en)?|monat(?:e|en)?|woche(?:n)?|tag(?:e|en)?|stunde(?:n)?|minute(?:n)?|sekunde(?:n)?"
_NUMBER = rf"\b\d[\d.,]*\b|\b(?:{_NUMBER_WORDS})\b"
# Forms of an answer in a text.
_FORMS: dict[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "contact": r"\(?\b0\d{2,5}\)?[\s/–-]*\d[\d\s/–-]{3,}\d|\b[\w.+-]+@[\w-]+\.\w+|\bwww\.\S+|https?://\S+|\b(?:hotline|telefon|tel\.)\W+\d+|\b115\b",
        "share": r"\d\s?(?:%|prozent)|\b\w+ prozent\b|\b(?:hälfte|drittel|viertel|fünftel)\b|\d prozentpunkt",
        "amount": r"\d[\d.,]*\s?(?:€|euro|eur\b|mio|mrd|million\w*|milliard\w*|cent|tsd)|€\s?\d|\b(?:gebührenfrei|kostenlos|kostenfrei|gratis|eintritt frei|unentgeltlich)\w*|\d\s?(?:%|prozent)",
        "duration": rf"(?:{_NUMBER}|\bein(?:e|en|em|er|es)?|\bmehrere[rn]?|\bhalb\w*)[\s-]*(?:\w+\s)?(?:{_UNITS})\b|\b\d+-?(?:jährig|monatig|tägig|wöchig|stündig)\w*|\bbis (?:zum |ende |anfang |mitte )?\d|\bvom? \d.*\bbis\b",
        "number": _NUMBER,
        "date": rf"\b\d{{1,2}}\.\s?\d{{1,2}}\.(?:\s?\d{{2,4}})?|\b(?:{_MONTHS})\b|\b(?:19|20)\d\d\b|\b(?:1\d)\d\d\b|\b\d{{1,2}}(?:[.:]\d\d)?\s?uhr\b|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?\b|\b(?:frühjahr|sommer|herbst|winter|jahresende|quartal|halbjahr|jahrhundert)\w*\b",
        "reason": r"\b(?:weil|da|denn|aufgrund|auf grund|wegen|grund|gründe|ursache\w*|infolge|um\b[^.]{3,80}\bzu|damit|deshalb|daher|dient|ziel|dadurch|durch|angesichts|hintergrund|sodass|so dass|führt\w* zu)\b",
        "place": r"\b(?:in|im|am|an der|auf dem|auf der|aus|nach|zum|zur|bei)\s+(?:der |dem |den )?(?-i:[A-ZÄÖÜ])\w+|\w*(?:straße|str\.|platz|allee|damm|ufer|weg|halle|haus|park)\b(?:\s\d+)?|\b1\d{4}\s",
        "definition": r"\b(?:ist|sind|war) (?:ein|eine|das|der|die|eines|einer)\b|\bsteht für\b|\bbedeutet\b|\bbezeichnet\b|\([A-ZÄÖÜ][\w-]*\)|\bsogenannte\w*|\bhandelt es sich\b|\bkurz[: ]",
        "organisation": r"\b\w*(?:amt|behörde|verwaltung|ministerium|gmbh|ag|e\.\s?v\.|verein|stiftung|institut|universität|hochschule|verband|gesellschaft|kammer|bank|betrieb|betriebe|senat|bund|akademie|zentrum|agentur|werke|gruppe|partner|rat|club|initiative|unternehmen|firma)\b|\b(?-i:[A-ZÄÖÜ]{2,})\b",
        "name": r"[„“\"»‚'][^„“”\"«»]{2,80}[“”\"«‘’']|\b(?-i:[A-ZÄÖÜ]\w*[A-ZÄÖÜ0-9]\w*)\b",
    }.items()
}  # fmt: skip
_TWO_CAPITALISED = re.compile(
    r"\b([A-ZÄÖÜ][a-zäöüßéèáóçğıšžć]+(?:-[A-ZÄÖÜ]\w+)?)\s+(?:[A-Z]\.\s+|von\s+|van\s+|de\s+|zu\s+)?(?=([A-ZÄÖÜ][\w'’-]+))"
)

KINDS = tuple(dict.fromkeys([*(kind for kind, _pattern in _QUESTION_RULES), "person"]))
# "wer" may ask for an office, too; a name may stand without quotation marks.
_RELATED = {"person": ("organisation",), "amount": ("number",), "share": ("number",), "duration": ("date", "number")}
RELATED_SHARE = 0.5


def _folded(question: str) -> str:
    return question.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")


def expected_kind(question: str, language: str = GERMAN) -> str | None:
    """The kind of answer that ``question`` asks for, None if no form can be expected (such as yes or no)."""
    if language != GERMAN:
        return next((kind for kind, pattern in _FOREIGN_RULES if pattern.search(question.lower())), None)
    folded = _folded(question)
    return next((kind for kind, pattern in _QUESTION_RULES if pattern.search(folded)), None)


def answer_forms(kind: str | None, sentences: tuple[str, ...], question_words: frozenset[str]) -> list[float]:
    """How far each sentence holds an answer of ``kind`` that the question does not name itself: 1 yes, RELATED_SHARE something related, 0 no.
    ``question_words``: folded words of the question. Without a kind, 0."""
    shares = [0.0] * len(sentences)
    related = [(other, RELATED_SHARE) for other in _RELATED.get(kind or "", ())]
    for looked_for, share in [*related, (kind, 1.0)] if kind else ():
        for place, forms in _forms(looked_for, sentences):
            if any(not words <= question_words for words in forms):
                shares[place] = share
    return shares


@lru_cache(maxsize=KEPT_PASSAGES)
def _forms(kind: str, sentences: tuple[str, ...]) -> tuple[tuple[int, tuple[frozenset[str], ...]], ...]:
    """Of the sentences that hold a form of ``kind``: their places, and the folded words of each form; of a person, the last name."""
    found = ((place, tuple(_forms_in(kind, sentence))) for place, sentence in enumerate(sentences))
    return tuple((place, forms) for place, forms in found if forms)


def _forms_in(kind: str, text: str) -> Iterator[frozenset[str]]:
    if kind == "person":
        yield from (frozenset({fold(last)}) for last in _last_names(text))
    else:
        for match in _FORMS[kind].finditer(text):
            yield frozenset(filter(None, (fold(clean_word(word)) for word in re.findall(r"\w+", match.group()))))


def _last_names(text: str) -> Iterator[str]:
    for match in _TWO_CAPITALISED.finditer(text):
        first, last = match.group(1), match.group(2)
        if _may_be_name(last) and _may_be_name(first):
            yield last


@lru_cache(maxsize=50_000)
def _may_be_name(word: str) -> bool:
    """No verb, adjective or function word that merely begins a sentence."""
    return not is_common_word(word)
