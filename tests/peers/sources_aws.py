"""STS, IAM Identity Center, a container's endpoint and instance metadata, whose keys tell the road to them.

The id of the keys that a role gives is that of its caller, a ">" and the role's name, then an "@" and the session's
name where somebody chose one; the session token is made of those of the links before in the same way. So whoever gets
equal keys took equal roads. Secrets and tokens contain a marker, which is left out of the ids.
"""

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from background import serve

MARKER = "MARKERsecret"
EXPIRATION = "2099-01-02T03:04:05Z"
EXPIRATION_MILLIS = 4070919845000
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
METADATA_TOKEN = f"{MARKER}-metadata"
ROLES_PATH = "/latest/meta-data/iam/security-credentials/"
OWN_NAME = re.compile(r"(botocore-session|keyfob)-")


def end_of(role_arn, session_name):
    """What a role adds to the road."""
    name = role_arn.partition("/")[2]
    return f">{name}" if OWN_NAME.match(session_name) else f">{name}@{session_name}"


class Aws(BaseHTTPRequestHandler):
    """All of it behind one port; ports differ in what their metadata service is like."""

    def do_POST(self):
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        fields = {name: values[0] for name, values in fields.items()}
        operation = fields["Action"]
        if operation == "AssumeRoleWithWebIdentity":
            token = fields["WebIdentityToken"]
            caller = token.replace(MARKER, "jwt").replace("\n", "(newline)")
        else:
            caller = re.search("Credential=([^/]*)/", self.headers["Authorization"])[1]
            token = self.headers["X-Amz-Security-Token"] or f"{MARKER}-none"
        if operation == "GetSessionToken":
            return self.sts(operation, f"session({caller})", f"{token}-session")
        end = end_of(fields["RoleArn"], fields["RoleSessionName"])
        return self.sts(operation, caller + end, token.strip() + end)

    def sts(self, operation, road, token):
        user = "<Arn>arn:aws:sts::123456789012:assumed-role/R/s</Arn><AssumedRoleId>AROA:s</AssumedRoleId>"
        keys = (
            f"<AccessKeyId>{escape(road)}</AccessKeyId><SecretAccessKey>{MARKER}</SecretAccessKey>"
            f"<SessionToken>{escape(token)}</SessionToken><Expiration>{EXPIRATION}</Expiration>"
        )
        result = f"<AssumedRoleUser>{user}</AssumedRoleUser><Credentials>{keys}</Credentials>"
        text = f"<{operation}Result>{result}</{operation}Result>"
        self.answer(200, "text/xml", f'<{operation}Response xmlns="{NAMESPACE}">{text}</{operation}Response>')

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/federation/credentials":
            return self.identity_center({name: values[0] for name, values in parse_qs(url.query).items()})
        if url.path.startswith("/container/"):
            return self.container(url.path.removeprefix("/container/"))
        if url.path.startswith(ROLES_PATH):
            return self.metadata(url.path.removeprefix(ROLES_PATH))
        return self.answer(404, "text/plain", "not found")

    def do_PUT(self):
        match self.server.metadata:
            case "refusing":
                self.answer(400, "text/plain", "bad request")
            case "of version 1":
                self.answer(403, "text/plain", "forbidden")
            case _ if self.path == "/latest/api/token":
                header = "X-aws-ec2-metadata-token-ttl-seconds"
                self.answer(200, "text/plain", METADATA_TOKEN, {header: self.headers[header]})
            case _:
                self.answer(404, "text/plain", "not found")

    def identity_center(self, query):
        token = self.headers["x-amz-sso_bearer_token"]
        if not token.startswith(MARKER):
            return self.answer(401, "application/json", '{"message": "Session token not found or invalid"}')
        road = f"{token.replace(MARKER, 'sso')}>{query['account_id']}.{query['role_name']}"
        keys = {"accessKeyId": road, "secretAccessKey": MARKER, "sessionToken": f"{MARKER}-{road}"}
        keys |= {"expiration": EXPIRATION_MILLIS}
        return self.answer(200, "application/json", json.dumps({"roleCredentials": keys}))

    def container(self, name):
        if name == "refusing":
            return self.answer(404, "application/json", '{"code": "NotFound", "message": "there is no such task"}')
        authorization = self.headers["Authorization"]
        proof = f":{authorization.replace(MARKER, 'token')}" if authorization else ""
        return self.keys(f"container({name}{proof})", {"RoleArn": "arn:aws:iam::123456789012:role/Task"})

    def metadata(self, role):
        proof = self.headers["X-aws-ec2-metadata-token"]
        if self.server.metadata == "of version 1":
            if proof:
                return self.answer(401, "text/plain", "unauthorized")
        elif proof != METADATA_TOKEN:
            return self.answer(401, "text/plain", "unauthorized")
        if self.server.metadata == "without a role":
            return self.answer(404, "text/plain", "not found")
        if not role:
            return self.answer(200, "text/plain", "Machine")
        if self.server.metadata == "not trusted":
            failure = {"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role"}
            return self.answer(200, "text/plain", json.dumps(failure | {"LastUpdated": EXPIRATION}))
        return self.keys(f"instance({role})", {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": EXPIRATION})

    def keys(self, road, more):
        keys = {"AccessKeyId": road, "SecretAccessKey": MARKER, "Token": f"{MARKER}-{road}", "Expiration": EXPIRATION}
        self.answer(200, "application/json", json.dumps(keys | more))

    def answer(self, status, kind, text, more=None):
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(text)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """A port."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, metadata):
        super().__init__(("127.0.0.1", 0), Aws)
        self.metadata = metadata
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


KINDS = ["whole", "without a role", "of version 1", "refusing", "not trusted"]
# Nobody listens there, nor can while the socket lives.
silent = socket.socket()
silent.bind(("127.0.0.1", 0))
serve(silent=f"http://127.0.0.1:{silent.getsockname()[1]}", **{kind: Server(kind).url for kind in KINDS})
