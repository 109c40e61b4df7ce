"""What people read, in English: the constants of ``texts_de.py``, with the same placeholders. Quotes are never translated."""

START = (
    "Hello! I am Amtsfunk. I answer questions on IT in German public administration – OZG, IT-Planungsrat, FITKO, "
    "Registermodernisierung, BundID, E-Akte and more – with verbatim quotes from German articles, with date, source and link.\n\n"
    "Just ask a question, for example:\n{examples}\n\n"
    "If the articles hold no answer, I say so. More: /hilfe · Auf Deutsch: /sprache de"
)
EXAMPLES = ("Who took over the chair of the IT-Planungsrat in 2019?", "Was ist ELFE?", "Since when has FITKO existed?")
HELP = (
    "How Amtsfunk works\n\n"
    "• Write your question as a normal message, in German or another language. You get up to three quotes, word for word from the articles.\n"
    "• “More” shows further places, “In context” shows a quote with the text before and after it.\n"
    "• Follow-ups such as “since when?” refer to the question before; I show what I understood. A reply to one of my quotes (or to a stretch that you select) asks about that article. "
    "“Neue Frage” or /neuefrage begins anew.\n"
    "• A mere keyword (“FITKO”, “Neues zur E-Akte”) shows the latest places about it, “Was gibt es Neues?” the latest articles.\n"
    "• If the articles say nothing reliable, I tell you so and name near headlines, explicitly not as an answer.\n\n"
    "Commands\n/start – greeting\n/hilfe – this help\n/neu – latest articles\n/thema OZG – what it is and what is new\n"
    "/zeitstrahl OZG – dated quotes\n/trend OZG, BundID – how often in the news\n"
    "/alarm RULE – be told as soon as something new appears\n"
    "/alarme – show and change alerts\n/datenschutz – what is stored\n/meinedaten – what is stored about this chat\n"
    "/export – alerts to take away\n/vergessen – delete everything about this chat\n/sprache – German or English\n\n"
    "Stored at present: {articles} articles, the latest of {newest}.{demo}"
)
DEMO_NOTE = "\n\nThe articles that ship with Amtsfunk are demo texts written by the project; their links lead to official pages on the subject."
PRIVACY = (
    "Privacy\n\n"
    "Questions are neither stored nor logged. For follow-ups your last question stays in memory for at most half an hour "
    "(“Neue Frage” forgets it at once), for “More” the last answers do; /vergessen and a restart delete both. The database holds articles and, only if you set up alerts: the number of this chat, "
    "your rules with their times, and what you were told when. /meinedaten shows it, /vergessen deletes it at once. Whoever blocks the bot "
    "for twelve months is deleted. Messages travel through Telegram; its own rules apply to that."
)
PRIVACY_TELEGRAM = (
    "Telegram itself sees and stores the chat with me, because chats with bots are not end-to-end encrypted: "
    "questions and answers are on its servers until you delete them there. So please write nothing confidential to me. "
    "If you do not want that, you can use Amtsfunk in a terminal; no question leaves the computer there."
)
PRIVACY_CONTACT = "Questions about this are answered by the operator of this bot: {contact}"
PRIVACY_NO_CONTACT = "The operator of this bot has given no contact address (setting AMTSFUNK_CONTACT)."
PRIVACY_OPINIONS = (
    "A thumb under an answer or under “no answer” is counted without question, chat and person. The operator gets the wording of a question only if you "
    "share it explicitly after a 👎; even then without name and chat, and you can delete it again. If you chose a language with /sprache, "
    "that choice is stored. A link to a question or rule holds its text itself; nothing is stored for it."
)
UNKNOWN_COMMAND = "I do not know the command {command}. /hilfe shows what I can do – or just ask a question."
EMPTY_MESSAGE = "Please write a question, for example: “Was ist ELFE?”"
SMALL_TALK = {
    "greeting": "Hello! Ask me something about IT in German public administration, for example: “Since when has FITKO existed?” /hilfe shows what I can do.",
    "thanks": "You are welcome! Just ask on if you want to know more.",
    "farewell": "Goodbye! If you do not want to miss anything: /alarm tells you of new articles.",
    "self": "I am Amtsfunk, a program. I search stored German articles on IT in public administration and answer with verbatim quotes from them; "
    "I make up no sentences of my own. If nothing is there, I say so. /hilfe shows what I can do.",
    "objection": "I can only quote what the articles say; they may be outdated or wrong. If it was the wrong place, 👎 under the answer helps, "
    "and “In context” shows the text around it.",
    "source": "The quotes stand word for word in the articles; the title below leads to the source, “In context” shows the text around it. Whether it still "
    "holds, the date tells best.",
    "unclear": "I write no explanations of my own, I only quote. “In context” shows the place with the text before and after it, "
    "/thema and a term (such as /thema OZG) what it means.",
    "insult": "I am sorry. 👎 under the answer tells me that it did not help; or ask again in other words.",
}
NOT_TEXT = "I am sorry, I cannot read that. Please write your question as text."
SHORTENED = "Your message is very long; I have read the first {limit} characters."
SEARCHED_FOR = "searched for: {words}"
ABSTAINED = "I have no answer to that."
SUGGESTIONS = "Near headlines (no answer to your question):"
NO_MORE = "I have no further places for this question."
FORGOTTEN = "I no longer know what this was about (I do not store questions). Please ask the question again."
CHANGED = "The article has been changed or removed meanwhile. Please ask the question again."
FAILED = "Something went wrong on my side, I could not answer your question. Please try again."
CONTEXT_OF = "In context: "
UNDATED = "undated"
DATE = "{day.day} {day:%B %Y}"
QUOTED = "“{word}”"
REASONS = {
    "no_articles": "No articles are stored yet.",
    "no_word": "The question has no word that could be searched for.",
    "nothing_reliable": "No place in the stored articles answers the question reliably.",
    "unknown_names": "The stored articles say nothing about {names}.",
}
TO_PLACE = "↗ to the place in the article"
MORE_BUTTON = "More"
CONTEXT_BUTTON = "In context"
ARTICLE_BUTTON = "Whole article"
OFFICIAL_PAGE_BUTTON = "Official page on this"
SHARE_BUTTON = "Share question"
RATED_UP = "Thank you! Only the thumb is counted, not your question."
RATED_DOWN = (
    "Thank you, that helps. Only the thumb is counted, not your question.\n\n"
    "If you like, the operator of this bot gets the wording of your question and the places quoted, to improve the bot – "
    "without your name and without this chat. Please only if it holds nothing personal."
)
RIGHTLY_NOTHING = "👍 Probably right"
SHOULD_KNOW = "👎 It should know"
RATED_SHOULD_KNOW = (
    "Thank you, that helps. Only the thumb is counted, not your question.\n\n"
    "If you like, the operator of this bot gets the wording of your question and looks into why I did not find the answer – "
    "without your name and without this chat. Please only if it holds nothing personal."
)
SHARE_WITH_OPERATOR = "Share the question with the operator"
SHARED = "Thank you! The operator now sees: “{question}”, without name and chat. The button deletes it again at any time."
UNSHARE_BUTTON = "Delete again"
UNSHARED = "Deleted. The operator no longer sees the question."
UNSHARED_BEFORE = "The question has already been deleted."
LANGUAGE_ASK = "In which language shall I speak? Quotes stay as they were written."
LANGUAGE_CHOSEN = "I now speak English. Only this choice is stored; /vergessen deletes it."
LANGUAGE_ONLY_ADMINS = "In groups, only their administrators choose the language."
LINK_UNREADABLE = "I cannot read the link that brought you here; perhaps it was damaged when it was copied."
KEYWORD = "Taken as a keyword. For a question (“What is …?”, “Since when …?”) I look for the exact place."
LINK_QUESTION = "Question from the link: {question}"
INLINE_EMPTY = "More in the chat with Amtsfunk"
INLINE_MORE = "More on this in the chat with Amtsfunk"
INLINE_NONE = "No answer found – ask in the chat"
INLINE_NEAR = "Near headline, not an answer"
INLINE_BUTTON = "Ask Amtsfunk"
COMMANDS = (
    ("start", "Greeting and examples"),
    ("hilfe", "How Amtsfunk works"),
    ("neu", "Latest articles, also by tag or source"),
    ("neuefrage", "Forget what was asked before"),
    ("thema", "What a term is and what is new about it"),
    ("zeitstrahl", "Dated quotes on a term"),
    ("trend", "How often terms are in the news"),
    ("alarm", "Set up an alert"),
    ("alarme", "Show and change alerts"),
    ("datenschutz", "What is stored (privacy)"),
    ("meinedaten", "What is stored about this chat"),
    ("export", "Alerts to take away"),
    ("vergessen", "Delete everything about this chat"),
    ("sprache", "German or English"),
)
LATEST = "Latest articles"
LATEST_OF = "Latest articles: {name}"
NO_ARTICLES_YET = "No articles are stored yet."
NO_MORE_ARTICLES = "There are no further articles."
NO_SUCH_FILTER = "There is no tag or source “{wanted}”. /neu alone shows all; frequent ones are:"
NEWER_BUTTON = "◂ Newer"
OLDER_BUTTON = "Older ▸"
ALL_BUTTON = "All articles"
WORD_MISSING = "Please add a term, for example: {command} {example}"
WORD_EXAMPLES = {"/thema": "OZG", "/zeitstrahl": "OZG", "/trend": "OZG, BundID"}
TOPIC_UNKNOWN = "The stored articles say nothing about “{word}”."
TOPIC_UNSEEN = "The term does not occur in the stored articles."
TOPIC_COUNT = "Dated articles about it: {count}. The latest places:"
RELATED = "Often together with it: {words}"
ALERT_BUTTON = "Alert me"
TOPIC_BUTTON = "Topic"
TIMELINE_BUTTON = "Timeline"
TIMELINE_TITLE = "Timeline: {word}"
TIMELINE_CAPTION = "Timeline of “{word}” with {count} dated places; the same places follow as text in the next message."
REPORTED = "reported on {day}"
PER_MONTH = "Articles per month"
PER_QUARTER = "Articles per quarter"
TREND_LINE = "{word}: {count} articles from {first} to {last}."
TREND_MOST = " Most in {year}: {count}."
TREND_UNSEEN = "“{word}” does not occur in dated articles."
TREND_TOO_MANY = "More than {limit} terms do not fit into one picture; shown are the first ones."
PICTURE_SAVED = "Picture: {path}"
PICTURE_NOT_SAVED = "The picture could not be saved ({path}: {error})."
WANT_BUTTON = "Tell me when something appears"
ALSO_AT = "also at: "
NEVER_CORRECTED = "“{title}” has not been changed since it was stored."
CORRECTED = "Version {old} → {new}, changed on {replaced}:"
ONLY_SPACING = "  (spacing only)"
REMOVED = "“{title}” was removed on {day} (no longer available)."

# Groups, what is no text, limits
NOT_READ = {
    "photo": "A nice picture – but I cannot read it. Please write your question as text or as a caption.",
    "video": "I cannot watch videos. Please write your question as text.",
    "video_note": "I cannot watch videos. Please write your question as text.",
    "animation": "That moves nicely, but I cannot read it. Please write your question as text.",
    "voice": "I cannot listen to voice messages. Please write your question as text.",
    "audio": "I cannot listen to recordings. Please write your question as text.",
    "sticker": "Thank you for the sticker! I answer questions that are written as text.",
    "document": "I do not read files. Please write your question as text.",
    "location": "Where that is does not help me, and the place is not stored. Please write your question as text.",
    "venue": "Where that is does not help me, and the place is not stored. Please write your question as text.",
    "contact": "I do not need contacts and do not store them. Please write your question as text.",
    "poll": "I abstain from polls. Please write your question as text.",
    "dice": "Well thrown! I answer questions that are written as text.",
    "game": "I cannot play. Please write your question as text.",
    "story": "I cannot see stories. Please write your question as text.",
}
READ_FROM_FORWARD = "The forwarded message is long; I searched for its beginning: “{text}”"
TOO_MANY = "That is a lot of messages at once. I will answer again in about a minute; until then I stay silent."
BLOCKED = "The operator of this bot has excluded you from using it. I will not answer further messages."
MAYBE_NOT_SENT = "The connection to Telegram was disturbed. If my answer has not arrived, please ask again."

# The operator's commands
OPERATOR_COMMANDS = (
    ("status", "State of this bot"),
    ("quellen", "Sources and their latest article"),
    ("rundruf", "Message to all who have alerts"),
    ("sperren", "No longer answer a person or group"),
    ("entsperren", "Answer again"),
    ("gesperrt", "Who is blocked"),
)
STATUS_TITLE = "State"
STATUS = (
    "Articles: {articles} in {passages} passages, latest of {newest}\nModel: {model}\nRunning for: {uptime}\n"
    "Memory: {memory} · database: {database} · free: {free}\n"
    "Chats with alerts: {chats} · alerts: {subscriptions} · blocked: {blocked}\nDeliveries: {deliveries} · outcome uncertain: {uncertain}\n"
    "{opinions}\n\n"
    "Errors since the start:\n{errors}"
)
STATUS_OPINIONS = (
    "Rated: {answers} answers ({up} 👍, {down} 👎), “no answer” {abstentions} times ({right} 👍, {wrong} 👎) · questions shared: {shared}"
)
STATUS_NONE = "none"
STATUS_NO_ERRORS = "none"
ERROR_LINE = "{name} · {place} · {count} times · last {last}"
ERROR_UNNAMED = "error message"
ERROR_REPORT = "Errors in the bot (nothing about persons):\n{lines}\nDetails are in the log."
SOURCES_TITLE = "Sources: {count}"
SOURCE_LINE = "• {name}: {count} articles, latest of {newest}"
SOURCE_UNNAMED = "not named"
BLOCK_HOW = "Please add the number of a person or group, for example: /sperren 123456 (groups: -100…). /gesperrt shows all."
BLOCK_NOT_YOU = "You cannot block yourself."
BLOCK_DONE = "Blocked: {number}. Answers and alerts there rest. Back: /entsperren {number}"
BLOCK_UNKNOWN = "{number} is not blocked. /gesperrt shows all."
UNBLOCK_DONE = "Unblocked: {number}."
BLOCKED_LIST = "Blocked: {count}"
BLOCKED_LINE = "{number} since {since}"
BLOCKED_NONE = "Nobody is blocked."
BROADCAST_HOW = "Please add the text: /rundruf On Sunday the bot is away for maintenance from 8 to 9."
BROADCAST_TOO_LONG = "That is too long for one message; at most {limit} characters. Nothing was sent."
BROADCAST_NOBODY = "Nobody would get this: such messages go to chats with an active alert that have not opted out."
BROADCAST_PREVIEW = "Preview, not sent yet. Recipients: {count} chats with an active alert.\n\n{text}"
BROADCAST_SEND = "Send to {count} chats"
BROADCAST_DROP = "Discard"
BROADCAST_STARTED = "Message #{id} goes to {count} chats. I will report the result here."
BROADCAST_DROPPED = "Discarded; nothing was sent."
BROADCAST_GONE = "This message has already been sent or discarded."
BROADCAST_REPORT = "Message #{id} is done: {sent} delivered, {failed} not reachable, {uncertain} with uncertain outcome (not repeated)."
BROADCAST_FOOTER = "Message of the operator to all chats with alerts"
BROADCAST_OFF_BUTTON = "No more of these messages"
BROADCAST_ON_BUTTON = "Have them again"
BROADCAST_OFF = "This chat will get no more messages of the operator. Your alerts stay."
BROADCAST_ON = "Messages of the operator come to this chat again."
BROADCAST_NO_CHAT = "Nothing is stored about this chat; it gets no messages of the operator either."
BROADCAST_ONLY_ADMINS = "In groups, administrators decide this."

# The terminal
TERMINAL_TITLE = "Amtsfunk – questions on public-sector IT in Germany, answered with quotes."
TERMINAL_HINT = "Ask a question; /hilfe helps, a number chooses a button, the tab key completes commands, /ende or Ctrl-D ends."
MODEL_LOADING = "The language model is still loading, one moment …"
GIVEN_UP = "Given up."
INTERRUPT_HINT = "Ctrl-C once more ends."

# What else is kept
PRIVACY_LIMITS = (
    "So that nobody overloads the bot, it counts in memory how often a number writes; after a restart that is forgotten. Who was excluded for misuse "
    "stands on a list with number and date until the operator lifts it; /vergessen does not change that. If the operator writes to all who have alerts, "
    "it is stored for 30 days whether that arrived in this chat, and permanently whether you have opted out of such messages; /meinedaten shows both. "
    "Error reports to the operator name neither persons nor texts. In groups I answer only when addressed; I do not store or read what else is written there."
)

# --- follow-ups and time ---
UNDERSTOOD = "understood as: {question}"
UNDERSTOOD_ABOUT = "understood as: {question} – on: {subject}"
ABOUT = "on: {titles}"
LEFT_ABOUT = "Nothing reliable stands there ({titles}); I searched all articles."
PERIOD = "Period: {period}"
PERIOD_PREFERRED = "Period preferred: {period}"
PERIOD_EMPTY = "Nothing reliable stands in the period {period}; I searched all articles."
SINCE = "since {day}"
UNTIL = "until {day}"
NEWEST_QUOTE = "Newest passage: {day}"
EARLIER_STATE = "Earlier state: {numbers}"
ALONE_BUTTON = "Search on its own"
ANY_TIME_BUTTON = "Lift the period"
NEW_QUESTION_BUTTON = "New question"
NEW_QUESTION = "All right, a new question: what would you like to know?"
