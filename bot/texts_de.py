"""What people read, in German. Placeholders are named; nothing here decides anything."""

START = (
    "Guten Tag! Ich bin Amtsfunk und beantworte Fragen zur Verwaltungs-IT – OZG, IT-Planungsrat, FITKO, "
    "Registermodernisierung, BundID, E-Akte und mehr – mit wörtlichen Zitaten aus Artikeln, mit Datum, Quelle und Link.\n\n"
    "Stellen Sie einfach eine Frage, zum Beispiel:\n{examples}\n\n"
    "Wenn in den Artikeln keine Antwort steht, sage ich das. Mehr dazu: /hilfe"
)
EXAMPLES = ("Wer hat 2019 den Vorsitz im IT-Planungsrat übernommen?", "Was ist ELFE?", "Seit wann gibt es die FITKO?")
HELP = (
    "So funktioniert Amtsfunk\n\n"
    "• Schreiben Sie Ihre Frage als normale Nachricht. Sie bekommen bis zu drei Zitate, Wort für Wort aus den Artikeln.\n"
    "• „Mehr“ zeigt die nächsten Fundstellen, „Im Zusammenhang“ die Stelle mit dem Text davor und danach.\n"
    "• Steht nichts Verlässliches in den Artikeln, sage ich das und nenne nahe Überschriften, ausdrücklich nicht als Antwort.\n\n"
    "Befehle\n/start – Begrüßung\n/hilfe – diese Hilfe\n/datenschutz – was gespeichert wird\n\n"
    "Derzeit gespeichert: {articles} Artikel, der neueste vom {newest}.{demo}"
)
DEMO_NOTE = (
    "\n\nDie mitgelieferten Artikel sind eigene Demotexte des Projekts Amtsfunk; die Links führen zu amtlichen Seiten zum jeweiligen Thema."
)
PRIVACY = (
    "Datenschutz\n\n"
    "Fragen werden weder gespeichert noch protokolliert. Für „Mehr“ bleibt die letzte Antwort kurze Zeit im Arbeitsspeicher und ist nach "
    "einem Neustart vergessen. In der Datenbank stehen nur Artikel, nichts über Sie. Nachrichten laufen über Telegram; dafür gelten dessen "
    "eigene Regeln."
)
UNKNOWN_COMMAND = "Den Befehl {command} kenne ich nicht. /hilfe zeigt, was ich kann – oder stellen Sie einfach eine Frage."
EMPTY_MESSAGE = "Bitte schreiben Sie eine Frage, zum Beispiel: „Was ist ELFE?“"
NOT_TEXT = "Das kann ich leider nicht lesen. Bitte schreiben Sie Ihre Frage als Text."
SHORTENED = "Ihre Nachricht ist sehr lang; gelesen habe ich die ersten {limit} Zeichen."
SEARCHED_FOR = "gesucht nach: {words}"
ABSTAINED = "Darauf habe ich keine Antwort."
SUGGESTIONS = "Nahe Überschriften (keine Antwort auf Ihre Frage):"
NO_MORE = "Mehr Fundstellen habe ich zu dieser Frage nicht."
FORGOTTEN = "Ich weiß nicht mehr, worum es ging (Fragen speichere ich nicht). Bitte stellen Sie die Frage noch einmal."
CHANGED = "Der Artikel wurde inzwischen geändert oder entfernt. Bitte stellen Sie die Frage noch einmal."
FAILED = "Da ist bei mir etwas schiefgegangen, Ihre Frage konnte ich nicht beantworten. Bitte versuchen Sie es noch einmal."
CONTEXT_OF = "Im Zusammenhang: "
UNDATED = "ohne Datum"
MORE_BUTTON = "Mehr"
CONTEXT_BUTTON = "Im Zusammenhang"
COMMANDS = (("start", "Begrüßung und Beispiele"), ("hilfe", "So funktioniert Amtsfunk"), ("datenschutz", "Was gespeichert wird"))
