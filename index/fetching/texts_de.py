"""The sentences with which a failed visit is explained to the operator. They name host and path, never queries or credentials."""

NOT_AN_ADDRESS = "Das ist keine brauchbare Webadresse."
WRONG_SCHEME = "Nur http- und https-Adressen werden geholt, nicht „{scheme}:“."
CREDENTIALS = "Die Adresse enthält Zugangsdaten; solche Adressen werden nicht geholt."
NUMERIC_HOST = "Der Rechnername {host} ist eine verkleidete IP-Adresse; solche Adressen werden nicht geholt."
PRIVATE = (
    "{host} liegt im eigenen oder einem nicht öffentlichen Netz ({address}); das ist ohne AMTSFUNK_ALLOW_PRIVATE=1 nicht erlaubt, "
    "über eine Weiterleitung von außen nie."
)
NEVER = "{host} führt zu {address}, einer Adresse, hinter der kein Webserver stehen kann."

UNKNOWN_NAME = "Der Name {host} ist im DNS nicht zu finden."
NO_CONNECTION = "Mit {host} kommt keine Verbindung zustande ({detail})."
CONNECT_TIMEOUT = "Mit {host} kommt in {seconds:g} Sekunden keine Verbindung zustande."
CERTIFICATE = "Das Zertifikat von {host} ist nicht in Ordnung ({detail})."
TLS = "Die verschlüsselte Verbindung mit {host} kommt nicht zustande ({detail})."
SILENT = "{host} schweigt länger als {seconds:g} Sekunden."
TOO_SLOW = "{host} liefert die Seite nicht in {seconds:g} Sekunden."
BROKEN_OFF = "{host} bricht die Verbindung mitten in der Antwort ab."
NO_HTTP = "{host} antwortet nicht so, wie es HTTP verlangt."
CLOSING = "Das Holen wurde beendet, bevor {host} an der Reihe war."

TOO_LARGE = "Die Seite ist größer als {limit}; weiter wird sie nicht gelesen."
UNKNOWN_PACKING = "Die Seite ist mit „{name}“ gepackt, das kann nicht entpackt werden."
BROKEN_PACKING = "Die gepackte Seite ist beschädigt oder unvollständig."

LOOP = "Die Weiterleitungen drehen sich im Kreis."
TOO_MANY_HOPS = "Mehr als {most} Weiterleitungen hintereinander."
NO_LOCATION = "Die Weiterleitung ({status}) nennt kein Ziel."
HOP = "Die Weiterleitung führt zu {where}: {reason}"

FORBIDDEN_BY_ROBOTS = "Die robots.txt von {host} verbietet {path}."
ROBOTS_UNREACHABLE = "Die robots.txt von {host} ist zurzeit nicht zu lesen, solange wird dort nichts geholt. {reason}"

HELD = "{host} hat um eine Pause gebeten; noch {seconds} Sekunden."
TOO_MANY_REQUESTS = "{host} meldet zu viele Anfragen (429)."
UNAVAILABLE = "{host} ist zurzeit nicht verfügbar ({status})."
SERVER_ERROR = "{host} meldet einen Fehler des Servers ({status})."
REFUSED = "{host} verweigert die Seite ({status})."
NOT_ASKED = "{host} meldet „unverändert“ (304), obwohl die Seite noch nie geholt wurde."
ODD_STATUS = "{host} antwortet mit Status {status}; damit ist nichts anzufangen."


def size_in_words(size: int) -> str:
    """Bytes as a person reads them, such as "16 MB"."""
    return f"{size / 1e6:g} MB" if size >= 1_000_000 else f"{size / 1e3:g} kB" if size >= 1_000 else f"{size} Bytes"
