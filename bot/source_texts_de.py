"""What operators read about sources, in German. Placeholders are named."""

NO_SUCH_SOURCE = "Eine Quelle „{name}“ gibt es nicht; „amtsfunk sources“ zeigt alle."
NOT_AN_ADDRESS = "„{address}“ ist weder eine Webadresse (https://…) noch ein Ordner oder eine Datei auf diesem Rechner."
WAITING = "Ein anderer Amtsfunk-Prozess liest gerade Quellen; danach geht es weiter …"
NONE_ON = (
    "Es ist keine Quelle eingeschaltet. „amtsfunk sources“ zeigt die mitgelieferte Liste, „amtsfunk sources on NAME“ schaltet eine ein, "
    "„amtsfunk sources add ADRESSE“ nimmt eine eigene auf."
)
READING = "Gelesen werden: {names}"
PAGES_DONE = "{name}: {done} von {total} Seiten, {rate:.1f} Seiten/s, noch etwa {minutes} Minuten"

SEVERAL_FEEDS = "Die Seite kündigt mehrere Feeds an:"
CHOOSE_FEED = "Welchen"
NAME_ONE_FEED = "Bitte einen davon angeben: amtsfunk sources add ADRESSE"
ADDED = "Aufgenommen: {name} ({key}) – {kind}, {address}"
ADDED_NEXT = "Gelesen wird sie beim nächsten „amtsfunk ingest“, oder von selbst, solange „amtsfunk run“ läuft."
ADDED_OVERVIEW = (
    "Gelesen werden die Artikel, auf die die Seite verweist; mit --pattern „/meldungen/*“ bestimmen Sie, welche Verweise das sind."
)
ALREADY_THERE = "Diese Adresse hat schon die Quelle „{key}“; „amtsfunk sources on {key}“ schaltet sie ein."
REMOVED = "Die Quelle „{key}“ ist entfernt. Die {articles} Artikel, die sie gebracht hat, bleiben."
NOT_REMOVABLE = {
    "shipped": "„{key}“ gehört zur mitgelieferten Liste und lässt sich nur ausschalten: amtsfunk sources off {key}",
    "settings": "„{key}“ steht in amtsfunk.toml; bitte dort streichen, oder ausschalten: amtsfunk sources off {key}",
}
SWITCHED = {True: "„{key}“ ist eingeschaltet.", False: "„{key}“ ist ausgeschaltet. Gespeicherte Artikel bleiben."}
UNCONFIRMED = "Ob unter {address} etwas liegt, hat noch niemand bestätigt; „amtsfunk sources check {key}“ sieht nach."
TERMS = "Zu den Nutzungsbedingungen: {terms}"

KINDS = {"feed": "Feed", "sitemap": "Sitemap", "page": "einzelne Seite", "overview": "Übersichtsseite", "folder": "Ordner oder Datei"}
UNKNOWN_KIND = "noch nicht besucht"
ON, OFF, ENDED = "an", "aus", "eingestellt"
NEVER = "nie"
NOW = "jetzt"
STATE_LINE = "{switch:<11} {key}  –  {name}"
WHAT_LINE = "    {kind}: {address}"
COUNT_LINE = "    {articles} Artikel, {recent} in 7 Tagen{waiting}; zuletzt gelesen {success}; nächster Besuch {next}"
WAITING_PAGES = ", {waiting} Seiten warten"
ERROR_LINE = "    zuletzt nicht in Ordnung: {error}"
CHECK_GOOD = "gut     {key}: {kind}, {entries} Einträge{newest}"
CHECK_PAGE = "gut     {key}: einzelne Seite, „{title}“{newest}"
CHECK_PARTS = "gut     {key}: {kind} mit {parts} weiteren Sitemaps und {entries} Einträgen"
CHECK_MOVED = "        ist umgezogen nach {address}"
CHECK_BAD = "FEHLER  {key}: {error}"
CHECK_FEEDS = "        kündigt Feeds an: {feeds}"
CHECK_NOTE = "        {note}"
CHECK_ROBOTS = "        Die robots.txt erlaubt den Besuch dieser Adresse."
CHECK_NOTHING_STORED = "Gespeichert wurde nichts."
NEWEST = ", der neueste vom {day}"
UNDATED = ", ohne Datum"
