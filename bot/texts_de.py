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
    "Befehle\n/start – Begrüßung\n/hilfe – diese Hilfe\n/neu – neueste Artikel\n/thema OZG – was das ist und was es Neues gibt\n"
    "/zeitstrahl OZG – datierte Zitate\n/trend OZG, BundID – wie oft in den Nachrichten\n"
    "/alarm REGEL – Bescheid bekommen, sobald etwas Neues erscheint\n"
    "/alarme – Alarme zeigen und ändern\n/datenschutz – was gespeichert wird\n/meinedaten – was über diesen Chat gespeichert ist\n"
    "/export – Alarme zum Mitnehmen\n/vergessen – alles über diesen Chat löschen\n\n"
    "Derzeit gespeichert: {articles} Artikel, der neueste vom {newest}.{demo}"
)
DEMO_NOTE = (
    "\n\nDie mitgelieferten Artikel sind eigene Demotexte des Projekts Amtsfunk; die Links führen zu amtlichen Seiten zum jeweiligen Thema."
)
PRIVACY = (
    "Datenschutz\n\n"
    "Fragen werden weder gespeichert noch protokolliert. Für „Mehr“ bleibt die letzte Antwort kurze Zeit im Arbeitsspeicher und ist nach "
    "einem Neustart vergessen. In der Datenbank stehen Artikel und, nur wenn Sie Alarme einrichten: die Nummer dieses Chats, "
    "Ihre Regeln mit Zeiten, und was Ihnen wann gemeldet wurde. /meinedaten zeigt es, /vergessen löscht es sofort. Wer den Bot zwölf Monate "
    "blockiert, wird gelöscht. Nachrichten laufen über Telegram; dafür gelten dessen "
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
COMMANDS = (
    ("start", "Begrüßung und Beispiele"),
    ("hilfe", "So funktioniert Amtsfunk"),
    ("neu", "Neueste Artikel, auch nach Stichwort oder Quelle"),
    ("thema", "Was ein Begriff ist und was es Neues dazu gibt"),
    ("zeitstrahl", "Datierte Zitate zu einem Begriff"),
    ("trend", "Wie oft Begriffe in den Nachrichten stehen"),
    ("alarm", "Alarm einrichten"),
    ("alarme", "Alarme zeigen und ändern"),
    ("datenschutz", "Was gespeichert wird"),
    ("meinedaten", "Was über diesen Chat gespeichert ist"),
    ("export", "Alarme zum Mitnehmen"),
    ("vergessen", "Alles über diesen Chat löschen"),
)
LATEST = "Neueste Artikel"
LATEST_OF = "Neueste Artikel: {name}"
NO_ARTICLES_YET = "Es sind noch keine Artikel gespeichert."
NO_MORE_ARTICLES = "Weitere Artikel gibt es nicht."
NO_SUCH_FILTER = "Ein Stichwort oder eine Quelle „{wanted}“ gibt es nicht. /neu ohne Zusatz zeigt alle; häufig sind:"
NEWER_BUTTON = "◂ Neuere"
OLDER_BUTTON = "Ältere ▸"
ALL_BUTTON = "Alle Artikel"
WORD_MISSING = "Bitte schreiben Sie einen Begriff dazu, zum Beispiel: {command} {example}"
WORD_EXAMPLES = {"/thema": "OZG", "/zeitstrahl": "OZG", "/trend": "OZG, BundID"}
TOPIC_UNKNOWN = "Zu „{word}“ steht nichts in den gespeicherten Artikeln."
TOPIC_UNSEEN = "In den gespeicherten Artikeln kommt der Begriff nicht vor."
TOPIC_COUNT = "Datierte Artikel dazu: {count}. Die neuesten Stellen:"
RELATED = "Häufig zusammen damit: {words}"
ALERT_BUTTON = "Alarm dazu"
WANT_BUTTON = "Benachrichtigen, wenn dazu etwas erscheint"
TOPIC_BUTTON = "Thema"
TIMELINE_BUTTON = "Zeitstrahl"
TIMELINE_TITLE = "Zeitstrahl: {word}"
TIMELINE_CAPTION = "Zeitstrahl zu „{word}“ mit {count} datierten Stellen; dieselben Stellen stehen als Text in der nächsten Nachricht."
REPORTED = "berichtet am {day}"
PER_MONTH = "Artikel im Monat"
PER_QUARTER = "Artikel im Quartal"
TREND_LINE = "{word}: {count} Artikel vom {first} bis {last}."
TREND_MOST = " Am meisten {year}: {count}."
TREND_UNSEEN = "„{word}“ kommt in datierten Artikeln nicht vor."
TREND_TOO_MANY = "Mehr als {limit} Begriffe passen nicht in ein Bild; gezeigt sind die ersten."
PICTURE_SAVED = "Bild: {path}"
PICTURE_NOT_SAVED = "Das Bild ließ sich nicht speichern ({path}: {error})."
PRIVACY_TELEGRAM = (
    "Telegram selbst sieht und speichert den Chat mit mir, denn Chats mit Bots sind nicht Ende-zu-Ende-verschlüsselt: "
    "Fragen und Antworten liegen auf dessen Servern, bis Sie sie dort löschen. Schreiben Sie mir deshalb nichts Vertrauliches. "
    "Wer das nicht möchte, kann Amtsfunk im Terminal benutzen; dort verlässt keine Frage den Rechner."
)
PRIVACY_CONTACT = "Fragen dazu beantwortet der Betreiber dieses Bots: {contact}"
PRIVACY_NO_CONTACT = "Der Betreiber dieses Bots hat keine Kontaktadresse angegeben (Einstellung AMTSFUNK_CONTACT)."
ALSO_AT = "auch bei: "
NEVER_CORRECTED = "„{title}“ wurde nicht geändert, seit es gespeichert ist."
CORRECTED = "Version {old} → {new}, geändert am {replaced} Uhr:"
ONLY_SPACING = "  (nur Leerräume)"
REMOVED = "„{title}“ wurde gelöscht am {day} (nicht mehr abrufbar)."
