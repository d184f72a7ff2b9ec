"""Proxies that keyfob's authors did not write: HTTP, SOCKS 4, 4a and 5 on one port, behind TLS on another, and both for
one user alone. Tells their ports and the certificate authority of the TLS in a line of JSON, and serves until its
standard input ends. The argument holds the hosts that are in truth this machine, and the user with the password."""

import asyncio
import datetime
import ipaddress
import json
import ssl
import sys
import tempfile

import pproxy
import pproxy.server
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

wanted = json.loads(sys.argv[1])
connect = asyncio.open_connection


async def open_connection(host=None, port=None, **more):
    return await connect("127.0.0.1" if host in wanted["hosts"] else host, port, **more)


asyncio.open_connection = open_connection


def certificate():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "keyfob tests, proxy")])
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - day, now + day)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private


def tls():
    chain, key = certificate()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(chain + key)
        file.flush()
        context.load_cert_chain(file.name)
    return context, chain.decode()


def port(handler):
    return handler.sockets[0].getsockname()[1]


async def serve():
    context, authority = tls()
    kinds = "http+socks4+socks5"
    user = "#" + wanted["user"]
    options = {"rserver": [pproxy.Connection("direct://")], "verbose": lambda *words: None}

    async def listen(url, context=None):
        server = pproxy.Server(url)
        if context:
            server.sslserver = context
        return port(await server.start_server(options))

    facts = {
        "plain": await listen(f"{kinds}://127.0.0.1:0"),
        "for_user": await listen(f"{kinds}://127.0.0.1:0{user}"),
        "tls": await listen("http+ssl://127.0.0.1:0", context),
        "authority": authority,
    }
    print(json.dumps({name: str(fact) for name, fact in facts.items()}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(serve())
