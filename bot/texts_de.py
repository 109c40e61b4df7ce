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
    "• Nachfragen wie „seit wann?“ oder „und in Hessen?“ beziehe ich auf die Frage davor und sage, was ich verstanden habe. "
    "Eine Antwort auf eines meiner Zitate (auch auf eine markierte Stelle) fragt nach diesem Artikel. „Neue Frage“ oder /neuefrage fängt neu an.\n"
    "• Ein bloßes Stichwort („FITKO“, „Neues zur E-Akte“) zeigt die neuesten Stellen dazu, „Was gibt es Neues?“ die neuesten Artikel.\n"
    "• Steht nichts Verlässliches in den Artikeln, sage ich das und nenne nahe Überschriften, ausdrücklich nicht als Antwort.\n\n"
    "Befehle\n/start – Begrüßung\n/hilfe – diese Hilfe\n/neu – neueste Artikel\n/thema OZG – was das ist und was es Neues gibt\n"
    "/zeitstrahl OZG – datierte Zitate\n/trend OZG, BundID – wie oft in den Nachrichten\n"
    "/alarm REGEL – Bescheid bekommen, sobald etwas Neues erscheint\n"
    "/alarme – Alarme zeigen und ändern\n/datenschutz – was gespeichert wird\n/meinedaten – was über diesen Chat gespeichert ist\n"
    "/export – Alarme zum Mitnehmen\n/vergessen – alles über diesen Chat löschen\n/sprache – Deutsch oder Englisch\n\n"
    "Derzeit gespeichert: {articles} Artikel, der neueste vom {newest}.{demo}"
)
DEMO_NOTE = (
    "\n\nDie mitgelieferten Artikel sind eigene Demotexte des Projekts Amtsfunk; die Links führen zu amtlichen Seiten zum jeweiligen Thema."
)
PRIVACY = (
    "Datenschutz\n\n"
    "Fragen werden weder gespeichert noch protokolliert. Für Nachfragen bleibt Ihre letzte Frage höchstens eine halbe Stunde im "
    "Arbeitsspeicher („Neue Frage“ vergisst sie sofort), für „Mehr“ bleiben die letzten Antworten; /vergessen und ein Neustart löschen beides. "
    "In der Datenbank stehen Artikel und, nur wenn Sie Alarme einrichten: die Nummer dieses Chats, "
    "Ihre Regeln mit Zeiten, und was Ihnen wann gemeldet wurde. /meinedaten zeigt es, /vergessen löscht es sofort. Wer den Bot zwölf Monate "
    "blockiert, wird gelöscht. Nachrichten laufen über Telegram; dafür gelten dessen "
    "eigene Regeln."
)
UNKNOWN_COMMAND = "Den Befehl {command} kenne ich nicht. /hilfe zeigt, was ich kann – oder stellen Sie einfach eine Frage."
EMPTY_MESSAGE = "Bitte schreiben Sie eine Frage, zum Beispiel: „Was ist ELFE?“"
NOT_TEXT = "Das kann ich leider nicht lesen. Bitte schreiben Sie Ihre Frage als Text."
SMALL_TALK = {
    "greeting": "Guten Tag! Fragen Sie mich etwas zur Verwaltungs-IT, zum Beispiel: „Seit wann gibt es die FITKO?“ /hilfe zeigt, was ich kann.",
    "thanks": "Gern! Fragen Sie einfach weiter, wenn Sie noch etwas wissen möchten.",
    "farewell": "Auf Wiedersehen! Wer nichts verpassen möchte: /alarm meldet neue Artikel.",
    "self": "Ich bin Amtsfunk, ein Programm. Ich suche in gespeicherten Artikeln zur Verwaltungs-IT und antworte mit wörtlichen Zitaten daraus; "
    "eigene Sätze erfinde ich nicht. Steht dort nichts, sage ich das. /hilfe zeigt, was ich kann.",
    "objection": "Ich kann nur zitieren, was in den Artikeln steht; die können veraltet sein oder sich irren. War es die falsche Stelle, hilft 👎 unter der "
    "Antwort, und „Im Zusammenhang“ zeigt den Text darum herum.",
    "source": "Die Zitate stehen Wort für Wort so in den Artikeln; der Titel darunter führt zur Quelle, „Im Zusammenhang“ zeigt den Text darum herum. Ob es noch "
    "gilt, sagt am ehesten das Datum.",
    "unclear": "Eigene Erklärungen schreibe ich nicht, ich zitiere nur. „Im Zusammenhang“ zeigt die Stelle mit dem Text davor und danach, "
    "/thema und ein Begriff (etwa /thema OZG), was er bedeutet.",
    "insult": "Das tut mir leid. Mit 👎 unter der Antwort sagen Sie mir, dass sie nicht half; oder fragen Sie noch einmal mit anderen Worten.",
}
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
DATE = "{day:%d.%m.%Y}"
QUOTED = "„{word}“"
REASONS = {
    "no_articles": "Es sind noch keine Artikel gespeichert.",
    "no_word": "In der Frage steht kein Wort, nach dem sich suchen ließe.",
    "nothing_reliable": "In den gespeicherten Artikeln steht keine Stelle, die die Frage verlässlich beantwortet.",
    "unknown_names": "Zu {names} steht nichts in den gespeicherten Artikeln.",
}
TO_PLACE = "↗ zur Stelle im Artikel"
MORE_BUTTON = "Mehr"
CONTEXT_BUTTON = "Im Zusammenhang"
ARTICLE_BUTTON = "Ganzer Artikel"
OFFICIAL_PAGE_BUTTON = "Amtliche Seite dazu"
SHARE_BUTTON = "Frage teilen"
RATED_UP = "Danke! Gezählt ist nur der Daumen, nicht Ihre Frage."
RATED_DOWN = (
    "Danke, das hilft. Gezählt ist nur der Daumen, nicht Ihre Frage.\n\n"
    "Wenn Sie möchten, bekommt der Betreiber dieses Bots den Wortlaut Ihrer Frage und die Fundstellen, um den Bot zu verbessern – "
    "ohne Ihren Namen und ohne diesen Chat. Bitte nur, wenn nichts Persönliches darin steht."
)
RIGHTLY_NOTHING = "👍 Stimmt wohl"
SHOULD_KNOW = "👎 Müsste er wissen"
RATED_SHOULD_KNOW = (
    "Danke, das hilft. Gezählt ist nur der Daumen, nicht Ihre Frage.\n\n"
    "Wenn Sie möchten, bekommt der Betreiber dieses Bots den Wortlaut Ihrer Frage und sieht nach, warum ich die Antwort nicht gefunden habe – "
    "ohne Ihren Namen und ohne diesen Chat. Bitte nur, wenn nichts Persönliches darin steht."
)
SHARE_WITH_OPERATOR = "Frage mit dem Betreiber teilen"
SHARED = "Danke! Der Betreiber sieht nun: „{question}“, ohne Namen und Chat. Mit dem Knopf löschen Sie das jederzeit wieder."
UNSHARE_BUTTON = "Wieder löschen"
UNSHARED = "Gelöscht. Der Betreiber sieht die Frage nicht mehr."
UNSHARED_BEFORE = "Die Frage ist schon gelöscht."
LANGUAGE_ASK = "In welcher Sprache soll ich sprechen? Zitate bleiben, wie sie geschrieben wurden."
LANGUAGE_CHOSEN = "Ich spreche jetzt Deutsch. Gespeichert ist nur diese Wahl; /vergessen löscht sie."
LANGUAGE_ONLY_ADMINS = "Die Sprache in Gruppen wählen nur deren Administratoren."
LINK_UNREADABLE = "Den Link, der Sie hierher gebracht hat, kann ich nicht lesen; vielleicht ist er beim Kopieren beschädigt worden."
KEYWORD = "Als Stichwort verstanden. Auf eine Frage („Was ist …?“, „Seit wann …?“) suche ich die genaue Stelle."
LINK_QUESTION = "Frage aus dem Link: {question}"
INLINE_EMPTY = "Mehr im Chat mit Amtsfunk"
INLINE_MORE = "Mehr dazu im Chat mit Amtsfunk"
INLINE_NONE = "Keine Antwort gefunden – im Chat fragen"
INLINE_NEAR = "Nahe Überschrift, keine Antwort"
INLINE_BUTTON = "Bei Amtsfunk nachfragen"
PRIVACY_OPINIONS = (
    "Ein Daumen unter einer Antwort oder unter „keine Antwort“ wird gezählt, ohne Frage, Chat und Person. Den Wortlaut einer Frage bekommt der Betreiber nur, wenn Sie "
    "ihn nach einem 👎 ausdrücklich teilen; auch dann ohne Namen und Chat, und Sie können ihn wieder löschen. Haben Sie mit /sprache "
    "eine Sprache gewählt, ist diese Wahl gespeichert. Ein Link auf eine Frage oder Regel enthält deren Text selbst; gespeichert wird dafür nichts."
)
COMMANDS = (
    ("start", "Begrüßung und Beispiele"),
    ("hilfe", "So funktioniert Amtsfunk"),
    ("neu", "Neueste Artikel, auch nach Stichwort oder Quelle"),
    ("neuefrage", "Neu anfangen, ohne Bezug auf das Vorige"),
    ("thema", "Was ein Begriff ist und was es Neues dazu gibt"),
    ("zeitstrahl", "Datierte Zitate zu einem Begriff"),
    ("trend", "Wie oft Begriffe in den Nachrichten stehen"),
    ("alarm", "Alarm einrichten"),
    ("alarme", "Alarme zeigen und ändern"),
    ("datenschutz", "Was gespeichert wird"),
    ("meinedaten", "Was über diesen Chat gespeichert ist"),
    ("export", "Alarme zum Mitnehmen"),
    ("vergessen", "Alles über diesen Chat löschen"),
    ("sprache", "Deutsch oder Englisch"),
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

# Groups, what is no text, limits (bot/telegram_front.py)
NOT_READ = {
    "photo": "Ein schönes Bild – lesen kann ich es leider nicht. Schreiben Sie Ihre Frage als Text oder als Bildunterschrift.",
    "video": "Videos kann ich leider nicht ansehen. Schreiben Sie Ihre Frage bitte als Text.",
    "video_note": "Videos kann ich leider nicht ansehen. Schreiben Sie Ihre Frage bitte als Text.",
    "animation": "Das bewegt sich hübsch, aber lesen kann ich es nicht. Schreiben Sie Ihre Frage bitte als Text.",
    "voice": "Sprachnachrichten kann ich leider nicht anhören. Schreiben Sie Ihre Frage bitte als Text.",
    "audio": "Tonaufnahmen kann ich leider nicht anhören. Schreiben Sie Ihre Frage bitte als Text.",
    "sticker": "Danke für den Sticker! Eine Frage beantworte ich, wenn Sie sie als Text schreiben.",
    "document": "Dateien lese ich nicht. Schreiben Sie Ihre Frage bitte als Text.",
    "location": "Wo das ist, hilft mir leider nicht weiter; der Ort wird auch nicht gespeichert. Schreiben Sie Ihre Frage bitte als Text.",
    "venue": "Wo das ist, hilft mir leider nicht weiter; der Ort wird auch nicht gespeichert. Schreiben Sie Ihre Frage bitte als Text.",
    "contact": "Kontakte brauche ich nicht und speichere sie nicht. Schreiben Sie Ihre Frage bitte als Text.",
    "poll": "Bei Umfragen enthalte ich mich. Schreiben Sie Ihre Frage bitte als Text.",
    "dice": "Gut gewürfelt! Eine Frage beantworte ich, wenn Sie sie als Text schreiben.",
    "game": "Spielen kann ich leider nicht. Schreiben Sie Ihre Frage bitte als Text.",
    "story": "Storys kann ich leider nicht ansehen. Schreiben Sie Ihre Frage bitte als Text.",
}
READ_FROM_FORWARD = "Die weitergeleitete Nachricht ist lang; gesucht habe ich nach ihrem Anfang: „{text}“"
TOO_MANY = "Das sind gerade sehr viele Nachrichten auf einmal. In etwa einer Minute antworte ich wieder; bis dahin bleibe ich still."
BLOCKED = "Der Betreiber dieses Bots hat Sie von der Benutzung ausgeschlossen. Weitere Nachrichten beantworte ich nicht."
MAYBE_NOT_SENT = "Die Verbindung zu Telegram war gestört. Falls meine Antwort nicht angekommen ist, fragen Sie bitte noch einmal."

# The operator's commands (bot/operating); nobody else sees these
OPERATOR_COMMANDS = (
    ("status", "Zustand dieses Bots"),
    ("quellen", "Quellen und ihr neuester Artikel"),
    ("rundruf", "Nachricht an alle mit Alarmen"),
    ("sperren", "Eine Person oder Gruppe nicht mehr beantworten"),
    ("entsperren", "Wieder beantworten"),
    ("gesperrt", "Wer gesperrt ist"),
)
STATUS_TITLE = "Zustand"
STATUS = (
    "Artikel: {articles} in {passages} Passagen, neuester vom {newest}\nModell: {model}\nLäuft seit: {uptime}\n"
    "Arbeitsspeicher: {memory} · Datenbank: {database} · frei: {free}\n"
    "Chats mit Alarmen: {chats} · Alarme: {subscriptions} · gesperrt: {blocked}\nMeldungen: {deliveries} · mit ungewissem Ausgang: {uncertain}\n"
    "{opinions}\n\n"
    "Fehler seit dem Start:\n{errors}"
)
STATUS_OPINIONS = (
    "Bewertet: {answers} Antworten ({up} 👍, {down} 👎), {abstentions}-mal „keine Antwort“ ({right} 👍, {wrong} 👎) · geteilte Fragen: {shared}"
)
STATUS_NONE = "keine"
STATUS_NO_ERRORS = "keine"
ERROR_LINE = "{name} · {place} · {count}-mal · zuletzt {last}"
ERROR_UNNAMED = "Fehlermeldung"
ERROR_REPORT = "Fehler im Bot (ohne Angaben zu Personen):\n{lines}\nEinzelheiten stehen im Protokoll."
SOURCES_TITLE = "Quellen: {count}"
SOURCE_LINE = "• {name}: {count} Artikel, neuester vom {newest}"
SOURCE_UNNAMED = "ohne Angabe"
BLOCK_HOW = "Bitte die Nummer einer Person oder Gruppe dazuschreiben, zum Beispiel: /sperren 123456 (Gruppen: -100…). /gesperrt zeigt alle."
BLOCK_NOT_YOU = "Sich selbst können Sie nicht sperren."
BLOCK_DONE = "Gesperrt: {number}. Antworten und Meldungen dorthin ruhen. Zurück: /entsperren {number}"
BLOCK_UNKNOWN = "{number} ist nicht gesperrt. /gesperrt zeigt alle."
UNBLOCK_DONE = "Entsperrt: {number}."
BLOCKED_LIST = "Gesperrt: {count}"
BLOCKED_LINE = "{number} seit {since}"
BLOCKED_NONE = "Niemand ist gesperrt."
BROADCAST_HOW = "Bitte den Text dazuschreiben: /rundruf Am Sonntag ist der Bot wegen Wartung von 8 bis 9 Uhr nicht da."
BROADCAST_TOO_LONG = "Das ist zu lang für eine Nachricht; höchstens {limit} Zeichen. Es wurde nichts gesendet."
BROADCAST_NOBODY = "Niemand würde das bekommen: Rundrufe gehen an Chats mit einem aktiven Alarm, die sie nicht abbestellt haben."
BROADCAST_PREVIEW = "Vorschau, noch nicht gesendet. Empfänger: {count} Chats mit einem aktiven Alarm.\n\n{text}"
BROADCAST_SEND = "An {count} Chats senden"
BROADCAST_DROP = "Verwerfen"
BROADCAST_STARTED = "Rundruf #{id} geht an {count} Chats. Das Ergebnis melde ich hier."
BROADCAST_DROPPED = "Verworfen; es wurde nichts gesendet."
BROADCAST_GONE = "Dieser Rundruf ist schon gesendet oder verworfen."
BROADCAST_REPORT = "Rundruf #{id} ist fertig: {sent} zugestellt, {failed} nicht erreichbar, {uncertain} mit ungewissem Ausgang (nicht wiederholt)."
BROADCAST_FOOTER = "Nachricht des Betreibers an alle Chats mit Alarmen"
BROADCAST_OFF_BUTTON = "Keine solchen Nachrichten mehr"
BROADCAST_ON_BUTTON = "Doch wieder"
BROADCAST_OFF = "In diesen Chat kommen keine Nachrichten des Betreibers mehr. Ihre Alarme bleiben."
BROADCAST_ON = "Nachrichten des Betreibers kommen wieder in diesen Chat."
BROADCAST_NO_CHAT = "Zu diesem Chat ist nichts gespeichert; es kommen auch keine Nachrichten des Betreibers."
BROADCAST_ONLY_ADMINS = "Das bestimmen in Gruppen deren Administratoren."

# The terminal (bot/terminal.py)
TERMINAL_TITLE = "Amtsfunk – Fragen zur Verwaltungs-IT, beantwortet mit Zitaten."
TERMINAL_HINT = "Stellen Sie eine Frage; /hilfe hilft, eine Nummer wählt einen Knopf, die Tab-Taste ergänzt Befehle, /ende oder Strg-D beendet."
MODEL_LOADING = "Das Sprachmodell lädt noch, einen Moment …"
GIVEN_UP = "Abgebrochen."
INTERRUPT_HINT = "Noch einmal Strg-C beendet."

# What else is kept (bot/privacy.py)
PRIVACY_LIMITS = (
    "Damit niemand den Bot überlastet, zählt er im Arbeitsspeicher mit, wie oft von einer Nummer geschrieben wird; nach einem Neustart ist das "
    "vergessen. Wer wegen Missbrauchs ausgeschlossen wurde, steht mit Nummer und Datum auf einer Sperrliste, bis der Betreiber das aufhebt; "
    "/vergessen ändert daran nichts. Schreibt der Betreiber allen mit Alarmen, ist 30 Tage gespeichert, ob das in diesem Chat ankam, und auf "
    "Dauer, ob Sie solche Nachrichten abbestellt haben; /meinedaten zeigt beides. Fehlerberichte an den Betreiber nennen weder Personen noch Texte. "
    "In Gruppen antworte ich nur, wenn ich angesprochen werde; anderes, was dort geschrieben wird, speichere und lese ich nicht."
)

# --- follow-ups and time ---
UNDERSTOOD = "verstanden als: {question}"
UNDERSTOOD_ABOUT = "verstanden als: {question} – zu: {subject}"
ABOUT = "zu: {titles}"
LEFT_ABOUT = "Dort steht dazu nichts Verlässliches ({titles}); gesucht habe ich in allen Artikeln."
PERIOD = "Zeitraum: {period}"
PERIOD_PREFERRED = "Zeitraum bevorzugt: {period}"
PERIOD_EMPTY = "Im Zeitraum {period} steht dazu nichts Verlässliches; gesucht habe ich in allen Artikeln."
SINCE = "seit {day}"
UNTIL = "bis {day}"
NEWEST_QUOTE = "Neueste Fundstelle: {day}"
EARLIER_STATE = "Früherer Stand: {numbers}"
ALONE_BUTTON = "Ohne Bezug suchen"
ANY_TIME_BUTTON = "Zeitraum aufheben"
NEW_QUESTION_BUTTON = "Neue Frage"
NEW_QUESTION = "Gut, eine neue Frage: Was möchten Sie wissen?"
