"""Errors of the HTTP library, of TLS and of sockets → one German sentence."""

import errno
import ssl
from collections.abc import Iterator

import httpcore

from index.fetching import texts_de as texts
from index.fetching.rules import FetchRules

# All that a server, a resolver or a cable can cause. What is not here is an error of ours and passes through.
CAUSED_OUTSIDE = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError)
_IN_WORDS = {
    errno.ECONNREFUSED: "abgelehnt",
    errno.ECONNRESET: "abgebrochen",
    errno.EPIPE: "abgebrochen",
    errno.EHOSTUNREACH: "Rechner nicht erreichbar",
    errno.ENETUNREACH: "Netz nicht erreichbar",
}


def explain(error: BaseException, host: str, rules: FetchRules, out_of_time: bool) -> str:
    """One sentence that says what went wrong with ``host``."""
    if out_of_time and isinstance(error, httpcore.TimeoutException):
        return texts.TOO_SLOW.format(host=host, seconds=rules.total_s)
    if isinstance(error, httpcore.ConnectTimeout):
        return texts.CONNECT_TIMEOUT.format(host=host, seconds=rules.connect_s)
    if isinstance(error, httpcore.TimeoutException):
        return texts.SILENT.format(host=host, seconds=rules.read_s)
    if isinstance(error, httpcore.ConnectError):
        return _explain_connecting(error, host)
    if isinstance(error, httpcore.ReadError | httpcore.WriteError) or _is_broken_off(error):
        return texts.BROKEN_OFF.format(host=host)
    return texts.NO_HTTP.format(host=host)


def concerns_server(error: BaseException) -> bool:
    """Whether other pages of the server would fare the same: not where it only answers in a way that cannot be understood."""
    return not isinstance(error, httpcore.ProtocolError | UnicodeError) or _is_broken_off(error)


def _explain_connecting(error: BaseException, host: str) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return texts.CERTIFICATE.format(host=host, detail=cause.verify_message or "ungültig")
        if isinstance(cause, ssl.SSLError):
            return texts.TLS.format(host=host, detail=cause.reason or "TLS")
        if isinstance(cause, OSError) and cause.errno:
            return texts.NO_CONNECTION.format(host=host, detail=_IN_WORDS.get(cause.errno, cause.strerror or "unbekannt"))
    return texts.NO_CONNECTION.format(host=host, detail="unbekannt")


def _causes(error: object) -> Iterator[BaseException]:
    """An error and those it was made from; httpcore keeps them as first argument, as its pool cuts ``__cause__`` off."""
    while isinstance(error, BaseException):
        yield error
        error = error.args[0] if error.args else None


def _is_broken_off(error: BaseException) -> bool:
    """httpcore has no class of its own for this."""
    return isinstance(error, httpcore.RemoteProtocolError) and ("peer closed connection" in str(error) or "disconnected" in str(error))
