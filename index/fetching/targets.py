"""Which addresses may be visited at all: pure decisions on spellings and IP addresses."""

import ipaddress
import re
from dataclasses import dataclass

from index.errors import FetchError
from index.fetching import texts_de as texts

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is really reached
_6TO4 = ipaddress.IPv6Network("2002::/16")  # RFC 3056: likewise, bits 16 to 48
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # the only range that IANA gives out for the public internet
_RELAYS = ipaddress.IPv4Network("192.88.99.0/24")  # RFC 7526: 6to4 relays, withdrawn
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]*:[0-9a-f:.]*")  # a name in ASCII, or IPv6 without a zone
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be visited as far as its spelling goes. ``door`` is ``host:port``: one server, which has one pace."""

    url: str
    host: str
    site: str
    path: str
    door: str


def read_target(url: str) -> Target:
    """What ``url`` names, without its fragment; raises ``FetchError`` for what is not http(s), holds credentials or is no address."""
    import httpx

    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
        host, port = parsed.raw_host.decode("ascii").lower(), parsed.port
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise FetchError(texts.NOT_AN_ADDRESS) from error
    if parsed.scheme and parsed.scheme not in _DEFAULT_PORTS:
        raise FetchError(texts.WRONG_SCHEME.format(scheme=parsed.scheme[:20]))
    if parsed.userinfo:
        raise FetchError(texts.CREDENTIALS)
    if not parsed.scheme or not _HOST.fullmatch(host) or not (port is None or 0 < port < 65536):
        raise FetchError(texts.NOT_AN_ADDRESS)
    door = (f"[{host}]" if ":" in host else host) + f":{port or _DEFAULT_PORTS[parsed.scheme]}"
    return Target(str(parsed), host, f"{parsed.scheme}://{door}", parsed.path, door)


def shown(url: str) -> str:
    """``url`` for a log line: without credentials, query and fragment, and not too long."""
    without_query = re.split(r"[?#]", url, maxsplit=1)[0]
    return re.sub(r"//[^/]*@", "//", without_query)[:200]


def without_credentials(url: str) -> str:
    """``url`` without user name and password."""
    return re.sub(r"^([a-zA-Z][\w+.-]*:)?//[^/?#]*@", r"\1//", url)


def refuse_host(host: str) -> None:
    """Raise ``FetchError`` for a name that some resolvers read as a number: ``2130706433``, ``0x7f.1``, ``017700000001``."""
    name = host.rstrip(".")
    if ":" in host or not _NUMBER.fullmatch(name.rpartition(".")[2]):
        return
    try:
        ipaddress.IPv4Address(name)
    except ValueError as error:
        raise FetchError(texts.NUMERIC_HOST.format(host=host)) from error


def refuse_address(host: str, address: str, allow_private: bool) -> None:
    """Raise ``FetchError`` if ``host``, which leads to the IP ``address``, must not be visited."""
    found = ipaddress.ip_address(address)
    if found.is_multicast or found.is_unspecified or address == "255.255.255.255":
        raise FetchError(texts.NEVER.format(host=host, address=address))
    if not allow_private and not is_public(found):
        raise FetchError(texts.PRIVATE.format(host=host, address=address))


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to the public internet, also seen through addresses that carry another one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved and address not in _RELAYS
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address in _6TO4:
        return is_public(ipaddress.IPv4Address(int(address) >> 80 & 0xFFFFFFFF))
    return address in _GLOBAL_UNICAST and address.is_global and not address.is_reserved
