"""Every error that this project raises on purpose, as one tree.

    AmtsfunkError            something a person can act on; the message is German and says what to do
    ├── ConfigurationError   a setting is wrong
    ├── InputError           an article file, folder or page cannot be read
    ├── FetchError           a web address must not or cannot be fetched (inside index/fetching; callers get ``Failed``)
    │   └── ServerError      the whole server is out of reach
    ├── StoreError           the database cannot be opened, read or written
    │   ├── StoreBusyError   another process holds the database for too long
    │   ├── StoreFullError   no space is left on the device
    │   └── ModelMismatchError  the stored vectors were made by another model
    ├── RuleError            an alert rule cannot be understood
    └── EncoderError         the language model cannot be built, loaded or used

Foreign errors (sqlite3, OSError, torch) are mapped where the foreign library is called, with ``from``; programming
errors pass through.
"""


class AmtsfunkError(Exception):
    """Base of all errors that are shown to a person as one sentence."""


class ConfigurationError(AmtsfunkError):
    """A setting from the environment or ``amtsfunk.toml`` is wrong."""


class InputError(AmtsfunkError):
    """An input of ``ingest`` or ``eval`` cannot be read."""


class FetchError(AmtsfunkError):
    """A web address must not or cannot be fetched."""


class ServerError(FetchError):
    """The whole server is out of reach, not just one page of it."""


class StoreError(AmtsfunkError):
    """The database cannot be opened, read or written."""


class StoreBusyError(StoreError):
    """Another process holds the database's write lock for too long."""


class StoreFullError(StoreError):
    """No space is left for the database."""


class ModelMismatchError(StoreError):
    """The stored vectors were made by another model than the configured one."""


class EncoderError(AmtsfunkError):
    """The language model cannot be built, loaded or used."""


class RuleError(AmtsfunkError):
    """An alert rule cannot be understood."""
