"""German function words that are neither indexed nor searched for, and the words that only make a question a question."""

STOPWORDS = frozenset(
    """ab aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes auch auf aus bei beim
    bereits bis da dabei dadurch dafür dagegen daher damit danach daneben dann daran darauf daraus darf darin darüber
    darum das dass davon dazu dein deine dem den denen denn der deren des deshalb dessen desto die dies diese diesem
    diesen dieser dieses doch dort du durch dürfen ein eine einem einen einer eines er es etwa etwas euch euer eure für
    gegen gewesen hab habe haben hat hatte hatten hier hierzu hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer
    ihres im in indem ins ist ja je jede jedem jeden jeder jedes jedoch jene jenem jenen jener jenes kann kein keine
    keinem keinen keiner können könnte könnten man manche manchem manchen mancher mehr mein meine mich mir mit muss müssen
    nach nachdem neben nicht nichts noch nun nur ob oder ohne schon sehr sei seid sein seine seinem seinen seiner seines
    seit selbst sich sie sind so sobald sogar solche solchem solchen solcher soll sollen sollte sollten somit sondern
    sonst sowie sowohl statt trotz über um und uns unser unsere unserem unseren unserer unter viel vom von vor während war
    wäre waren was weil weiter weitere weiteren weiterer weiteres wenn wer werde werden weder wegen welche welchem welchen
    welcher welches wem wen wenn wessen wie wieder will wir wird wo wobei wodurch wofür woher wohin womit woran worauf
    woraus worin worüber worum wozu würde würden zu zum zur zwar zwischen the of and""".split()
)
# Left out of questions in addition: they say what is asked, not about what.
QUESTION_WORDS = frozenset(
    """bitte gibt geben gab gegeben heißt heißen hieß macht machen gemacht sagen sag erzähl erzähle zeig zeige nenne suche
    weiß wissen eigentlich denn mal wann warum wieso weshalb wieviel wieviele viele wie lange lang lautet bedeutet
    bedeuten steht stehen gerade derzeit aktuell momentan überhaupt genau info infos information informationen frage thema
    themen ne nen nem n der die das""".split()
)
