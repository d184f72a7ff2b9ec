"""An identity provider as AD FS is one: sign-on by a form, by Basic or by NTLM, whose real acceptor pyspnego is.

The argument says how it asks ("way"), whom it knows ("users": passwords by DOMAIN\\user), what it asserts ("response",
in base64), and where it writes down what it was asked ("log").

* form: a page with cookies, whose form posts to itself; when the password is right it redirects, and asserts.
* windows: redirects browsers that it takes for Windows' to NTLM, and shows the form to others.
* basic, ntlm, negotiate, digest: ask by HTTP.
* mfa: as form, with a second page after the password.
"""

import base64
import html
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from background import serve

ORDER = json.loads(sys.argv[1])
WAY = ORDER["way"]
USERS = ORDER.get("users", {})
SIGN_ON = "/adfs/ls/IdpInitiatedSignOn.aspx"
QUERY = "?loginToRp=urn:amazon:webservices&x=1"


def spnego_context():
    import spnego

    return spnego.server(protocol="ntlm")


if WAY in ("ntlm", "negotiate", "windows"):
    os.environ["NTLM_USER_FILE"] = ORDER["log"] + ".users"
    with open(os.environ["NTLM_USER_FILE"], "w", encoding="utf-8") as file:
        for user, password in USERS.items():
            domain, _, name = user.rpartition("\\")
            file.write(f"{domain}:{name}:{password}\n")


def entities(text):
    """AD FS escapes whatever is no letter."""
    return "".join(letter if letter.isalnum() else f"&#x{ord(letter):x};" for letter in text)


def assertion_page():
    return f"""<html><head><title>Working...</title></head><body>
<!-- <form><input type="hidden" name="SAMLResponse" value="comment"></form> -->
<script>var decoy = '<input type="hidden" name="SAMLResponse" value="script">';</script>
<form method="POST" name="hiddenform" action="https://signin.aws.amazon.com:443/saml">
<INPUT TYPE="hidden" NAME="SAMLResponse" VALUE="{entities(ORDER["response"])}" />
<noscript><p>Script is disabled.</p><input type="submit" value="Submit" /></noscript></form></body></html>"""


def login_page(complaint=""):
    return f"""<!DOCTYPE html><html lang="en-US"><head><title>Sign In</title>
<style>.form {{ content: "<form>" }}</style></head><body>
<form method="get" action="/search"><input name="q"></form>
<form method="post" id="loginForm" autocomplete="off" action="{SIGN_ON}{html.escape(QUERY)}">
<div id="error"><span id="errorText" for="">{complaint}</span></div>
<input id="userNameInput" name="UserName" type="email" value="" placeholder="someone@example.com"/>
<input id="passwordInput" name='Password' type=password autocomplete="off"/>
<input type="checkbox" name="Kmsi" id="kmsiInput" value="true"/>
<span id="submitButton">Sign in</span>
<input id="optionForms" type="hidden" name="AuthMethod" value="Forms&#65;uthentication"/></form></body></html>"""


MFA_PAGE = """<html><head><title>Verify your identity</title></head><body><form method="post" action="/adfs/ls/mfa">
<input type="hidden" name="Context" value="x"><input type="text" name="VerificationCode"></form></body></html>"""

ERROR_PAGE = """<html><head><title>Error</title></head><body><div id="errorMessage">An error occurred. Contact your
administrator for more&nbsp;information.</div></body></html>"""


class Handler(BaseHTTPRequestHandler):
    """One connection: NTLM goes by it."""

    protocol_version = "HTTP/1.1"
    context = None

    def log_message(self, *_):
        pass

    def note(self, body):
        carried = [name for name in ("Authorization", "Cookie") if self.headers[name]]
        words = [self.command, urlsplit(self.path).path, *carried, *(["form"] if body else [])]
        with open(ORDER["log"], "a", encoding="utf-8") as log:
            log.write(" ".join(words) + "\n")

    def answer(self, status, text="", headers=()):
        body = text.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, target, *headers, status=302):
        self.answer(status, "", [("Location", target), *headers])

    def cookies(self):
        pairs = [pair.strip().partition("=") for pair in (self.headers["Cookie"] or "").split(";")]
        return {name: value for name, _, value in pairs}

    def do_GET(self):
        self.note("")
        self.dispatch({})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.note(body)
        self.dispatch({name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()})

    def dispatch(self, form):
        url = urlsplit(self.path)
        target = unquote(url.query)
        if url.path == SIGN_ON:
            self.sign_on(form)
        elif url.path == "/adfs/ls/wia":
            self.windows("NTLM")
        elif url.path == "/open":
            self.answer(200, assertion_page())
        elif url.path == "/to":
            self.redirect(target)
        elif url.path == "/loop":
            self.redirect("/loop")
        elif url.path == "/then":
            self.answer(200, login_page().replace(SIGN_ON, "/then-to"))
        elif url.path == "/then-to":
            # The form is to be sent once more, to another server.
            self.redirect(ORDER["elsewhere"], status=307)
        elif url.path == "/posts-to":
            self.answer(200, f'<title>x</title><form method=post action="{target}"><input name=u><input type=password name=p>')
        elif url.path == "/gets":
            self.answer(200, "<form><input name=u><input type=password name=p></form>")
        elif url.path == "/strays":
            # Whoever says who they are is sent elsewhere.
            self.strays(target)
        elif url.path.startswith("/refuses/"):
            # Says no by a redirect to a page that asks in its turn.
            self.strays(f"/refuses/{int(url.path.rpartition('/')[2]) + 1}")
        elif url.path == "/kerberos":
            token = " YIIBhwYJKoZIhvcSAQICAgBvggF2" if self.headers["Authorization"] else ""
            self.answer(401, "", [("WWW-Authenticate", f"Negotiate{token}")])
        elif url.path == "/error":
            self.answer(200, ERROR_PAGE)
        elif url.path == "/broken":
            self.answer(503, "<title>Service Unavailable</title>")
        elif url.path == "/endless":
            self.endless()
        elif url.path == "/portal":
            self.answer(200, "<title>Welcome</title><form><select name=rp></select></form>")
        else:
            self.answer(404)

    def strays(self, target):
        if self.headers["Authorization"]:
            self.redirect(target)
        else:
            self.answer(401, "", [("WWW-Authenticate", {"basic": "Basic realm=x", "ntlm": "NTLM"}[WAY])])

    def sign_on(self, form):
        if WAY == "basic":
            self.basic()
        elif WAY in ("ntlm", "negotiate"):
            self.windows({"ntlm": "NTLM", "negotiate": "Negotiate"}[WAY])
        elif WAY == "digest":
            self.answer(401, "", [("WWW-Authenticate", 'Digest realm="a, b", nonce="x"')])
        elif WAY == "windows" and "MSIE" in self.headers["User-Agent"] and "MSISAuth" not in self.cookies():
            self.redirect("/adfs/ls/wia" + QUERY)
        else:
            self.form(form)

    def form(self, form):
        cookies = self.cookies()
        if cookies.get("MSISAuth") == "dGlja2V0==":
            self.answer(200, MFA_PAGE if WAY == "mfa" else assertion_page())
        elif not form:
            cookie = ("Set-Cookie", "MSISLoop=1; path=/adfs; secure; HttpOnly")
            self.answer(200, login_page(), [cookie, ("Set-Cookie", "Gone=x; expires=Thu, 01-Jan-1970 00:00:00 GMT")])
        elif cookies != {"MSISLoop": "1"} or set(form) != {"UserName", "Password", "AuthMethod"}:
            self.answer(400, f"<title>cookies {list(cookies)}, fields {list(form)}</title>")
        elif form["AuthMethod"] == "FormsAuthentication" and USERS.get(form["UserName"]) == form["Password"]:
            self.redirect(SIGN_ON + QUERY, ("Set-Cookie", "MSISAuth=dGlja2V0==; path=/adfs"))
        else:
            self.answer(200, login_page("Incorrect user ID or&nbsp;password. Type the correct ones."))

    def basic(self):
        scheme, _, pair = (self.headers["Authorization"] or "").partition(" ")
        user, _, password = base64.b64decode(pair).decode().partition(":") if scheme == "Basic" else ("", "", "")
        if user and USERS.get(user) == password:
            self.answer(200, assertion_page())
        else:
            self.answer(401, "<title>No</title>", [("WWW-Authenticate", 'Negotiate2, Basic realm="a, NTLM"')])

    def windows(self, scheme):
        offered, _, token = (self.headers["Authorization"] or "").partition(" ")
        if offered != scheme:
            self.context = None
            self.answer(401, "", [("WWW-Authenticate", scheme), ("WWW-Authenticate", "Kerberos")])
            return
        token = base64.b64decode(token)
        if token[8] == 1:
            self.context = spnego_context()
        try:
            reply = self.context.step(token)
        except Exception:
            self.context = None
            self.answer(401, "", [("WWW-Authenticate", scheme)])
            return
        if self.context.complete:
            if scheme == "NTLM" and WAY == "windows":
                self.redirect(SIGN_ON + QUERY, ("Set-Cookie", "MSISAuth=dGlja2V0==; path=/adfs"))
            else:
                self.answer(200, assertion_page())
        else:
            self.answer(401, "", [("WWW-Authenticate", f"{scheme} {base64.b64encode(reply).decode()}")])

    def endless(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        except OSError:
            self.close_connection = True


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
serve(url=f"http://127.0.0.1:{server.server_port}")
