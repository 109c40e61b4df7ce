"""After an older database was put back: what was delivered since is not delivered again."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.storage.sqlite import mapped_errors

# A delivery of the backup that its successor had already dealt with takes over what became of it.
_ADOPT = """UPDATE delivery SET state = former.state, sent_at = former.sent_at, message_id = former.message_id
    FROM past.delivery AS former WHERE former.id = delivery.id AND former.chat_id = delivery.chat_id AND former.article_id = delivery.article_id
    AND former.kind = delivery.kind AND delivery.state IN ('due', 'sending') AND former.state NOT IN ('due', 'sending')"""


def adopt_deliveries(database: Path, former: Path) -> int:
    """Mark in ``database`` what ``former``, the database before it was put back, had sent or given up; returns how many."""
    with mapped_errors(database), closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS past", (str(former),))
        both = connection.execute(
            "SELECT (SELECT count(*) FROM main.sqlite_master WHERE name = 'delivery') + (SELECT count(*) FROM past.sqlite_master WHERE name = 'delivery')"
        ).fetchone()
        return connection.execute(_ADOPT).rowcount if both == (2,) else 0
