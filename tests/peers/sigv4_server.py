"""An STS that answers only requests whose signature botocore would have made.

The one argument is JSON: access_key_id, secret_access_key, session_token (or null), region.
"""

import datetime
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from background import serve

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
IDENTITY = (
    "<Arn>arn:aws:iam::123456789012:user/jane</Arn>"
    "<UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>"
)
ROLE = (
    "<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId>"
    "<Arn>arn:aws:sts::123456789012:assumed-role/Demo/x</Arn></AssumedRoleUser>"
    "<Credentials><AccessKeyId>ASIAEXAMPLEEXAMPLE00</AccessKeyId>"
    "<SecretAccessKey>secret/EXAMPLE+KEY</SecretAccessKey>"
    "<SessionToken>token//EXAMPLE+==</SessionToken>"
    "<Expiration>2099-01-02T03:04:05Z</Expiration></Credentials>"
)
RESULTS = {"GetCallerIdentity": IDENTITY, "AssumeRole": ROLE}

known = json.loads(sys.argv[1])


def authorization(headers, body):
    """The header that botocore makes for the request, given what its own header says is signed."""
    names = headers["Authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = AWSRequest("POST", f"http://{headers['Host']}/", {name: headers[name] for name in names}, body)
    request.context["timestamp"] = headers["X-Amz-Date"]
    keys = Credentials(known["access_key_id"], known["secret_access_key"], known["session_token"])
    signer = SigV4Auth(keys, "sts", known["region"])
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    required = {"host", "x-amz-date"} | ({"x-amz-security-token"} if keys.token else set())
    signed = ";".join(sorted(required | set(names)))
    return f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={signed}, Signature={signature}"


def is_recent(headers):
    signed = datetime.datetime.strptime(headers["X-Amz-Date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    return abs(datetime.datetime.now(datetime.timezone.utc) - signed) < datetime.timedelta(minutes=15)


class Sts(BaseHTTPRequestHandler):
    """One POST, one answer."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = parse_qs(body.decode())["Action"][0]
        signed = self.headers["Authorization"] == authorization(self.headers, body)
        if signed and is_recent(self.headers) and self.headers["X-Amz-Security-Token"] == known["session_token"]:
            result = f"<{operation}Result>{RESULTS[operation]}</{operation}Result>"
            self.answer(200, f'<{operation}Response xmlns="{NAMESPACE}">{result}</{operation}Response>')
        else:
            error = "<Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>botocore signs otherwise</Message>"
            self.answer(403, f'<ErrorResponse xmlns="{NAMESPACE}"><Error>{error}</Error></ErrorResponse>')

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Sts)
threading.Thread(target=server.serve_forever, daemon=True).start()
serve(url=f"http://127.0.0.1:{server.server_port}")
