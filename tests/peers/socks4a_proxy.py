"""Twisted's SOCKS proxy, which looks up names as SOCKS 4a has it. Tells its port in a line of JSON, and serves until its
standard input ends. The argument holds the hosts that are in truth this machine."""

import json
import sys

from twisted.internet import defer, reactor, threads
from twisted.protocols.socks import SOCKSv4Factory

wanted = json.loads(sys.argv[1])
resolve = reactor.resolve
reactor.resolve = lambda name, *more: (
    defer.succeed("127.0.0.1") if name.decode() in wanted["hosts"] else resolve(name, *more)
)


def serve():
    print(json.dumps({"port": str(port.getHost().port)}), flush=True)
    threads.deferToThread(sys.stdin.read).addBoth(lambda _: reactor.stop())


port = reactor.listenTCP(0, SOCKSv4Factory(None), interface="127.0.0.1")
reactor.callWhenRunning(serve)
reactor.run()
