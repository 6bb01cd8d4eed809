# SPDX-License-Identifier: Apache-2.0
"""TLS, certificates and tokens of a client (security.md)."""

import ipaddress
import pathlib
import re
import ssl

from .errors import Lost, Untrusted

ALPN = "reelwork/1"
MECHANISM = "token"
TOKEN = re.compile(rb"rlw_[0-9a-f]{16}_[0-9a-f]{64}")


class Security:
    """What protects a connection over TCP, and what proves who the client is.

    `ca` names the authority that the server's certificate must be of. The client is known by a
    certificate with its key, or by a token, which is sent only where the server asks for one.
    """

    def __init__(self, ca, cert=None, key=None, server_name=None, token_file=None):
        if (cert is None) != (key is None):
            raise ValueError("a certificate and its key belong together")
        self.server_name, self.token = server_name, None
        if token_file is not None:
            self.token = read_token(token_file)
        # No system authorities, the name is compared, and a certificate there must be.
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.verify_flags |= ssl.VERIFY_X509_STRICT
        self.context.load_verify_locations(cafile=ca)
        self.context.set_alpn_protocols([ALPN])
        if cert is not None:
            self.context.load_cert_chain(cert, key)

    def wrap(self, plain, host):
        """TLS over a socket that is connected to `host`; it is closed where TLS fails."""
        try:
            made = self.context.wrap_socket(plain, server_hostname=self.name(host))
        except (OSError, ValueError) as error:
            plain.close()
            raise failure(f"TLS with {self.name(host)}", error) from error
        if made.selected_alpn_protocol() != ALPN:
            made.close()
            raise Untrusted(f"the server has no {ALPN} in ALPN: it speaks another protocol")
        return made

    def name(self, host):
        """What the server's certificate must name. An address goes without SNI (RFC 6066)."""
        return self.server_name or host

    def answer(self, mechanisms):
        """The body of AUTH for one of the mechanisms that the server takes."""
        if MECHANISM not in mechanisms:
            raise Untrusted(f"the server wants {' or '.join(mechanisms)}, which is not known here")
        if self.token is None:
            raise Untrusted("the server asks who this is: give a certificate or a token")
        return {"mech": MECHANISM, "data": self.token}


def failure(what, error):
    """What an error of TLS means: a broken connection, or one side that does not trust."""
    broken = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
    refused = isinstance(error, ssl.SSLError) and not isinstance(error, broken)
    return (Untrusted if refused else Lost)(f"{what}: {error}")


def read_token(path):
    """A token of a file, without the white space around it."""
    token = pathlib.Path(path).read_bytes().strip()
    if not TOKEN.fullmatch(token):
        raise ValueError(f"{path}: not a token, which is rlw_, 16 digits, _ and 64 digits")
    return token


def is_loopback(host):
    """Whether a host is this machine alone; no name but localhost is looked up for that."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
