"""Places that one question may swap for another: German states, large towns, Berlin's districts, neighbouring countries."""

from index.language.words import fold

_STATES = """Baden-Württemberg Bayern Berlin Brandenburg Bremen Hamburg Hessen Mecklenburg-Vorpommern Niedersachsen
Nordrhein-Westfalen NRW Rheinland-Pfalz Saarland Sachsen Sachsen-Anhalt Schleswig-Holstein Thüringen"""
_TOWNS = """Aachen Augsburg Bielefeld Bochum Bonn Braunschweig Bremerhaven Chemnitz Cottbus Darmstadt Dortmund Dresden Duisburg
Düsseldorf Erfurt Erlangen Essen Frankfurt Freiburg Fürth Gelsenkirchen Göttingen Halle Hannover Heidelberg Heilbronn Ingolstadt
Jena Karlsruhe Kassel Kiel Koblenz Köln Leipzig Leverkusen Lübeck Ludwigshafen Magdeburg Mainz Mannheim München Münster Nürnberg
Offenbach Oldenburg Osnabrück Paderborn Potsdam Regensburg Rostock Saarbrücken Schwerin Stuttgart Trier Ulm Wiesbaden Wolfsburg
Wuppertal Würzburg"""
_DISTRICTS = """Charlottenburg-Wilmersdorf Friedrichshain-Kreuzberg Lichtenberg Marzahn-Hellersdorf Neukölln Pankow Reinickendorf
Spandau Steglitz-Zehlendorf Tempelhof-Schöneberg Treptow-Köpenick"""
_COUNTRIES = """Belgien Dänemark Deutschland Estland Europa Finnland Frankreich Italien Liechtenstein Luxemburg Niederlande
Norwegen Österreich Polen Schweden Schweiz Spanien Tschechien"""
_FOLDED = frozenset(fold(name) for name in " ".join((_STATES, _TOWNS, _DISTRICTS, _COUNTRIES)).split())
# Also ordinary words; taken for a place only when they begin with a capital.
_AMBIGUOUS = frozenset({"essen", "halle", "ulm", "kiel", "trier", "furth"})


def is_place(word: str) -> bool:
    """Whether ``word`` names one of these places, however it is spelt; not in the genitive."""
    folded = fold(word)
    return folded in _FOLDED and (folded not in _AMBIGUOUS or word[:1].isupper())
