"""Small real providers of identities on 127.0.0.1, each with the knobs that a dishonest one would turn."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from citybrain.kernel.identity.providers.oidc import OpenIDConnect
from citybrain.kernel.identity.providers.provider import IdentityProvider
from citybrain.kernel.identity.providers.zheliban import PERSON, TOKEN, ZheLiBan
from citybrain.kernel.identity.providers.zhezhengding import ZheZhengDing

Reply = tuple[int, Any]
"""Status, and what is sent as JSON (a text is sent as it is)."""


class World:
    """A provider with its people: `visit` is what a person's browser does there, `provider` our side of it."""

    provider: IdentityProvider
    broken: Reply | None = None
    """What every question is answered with, when the provider is out of order."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.codes: dict[str, dict[str, Any]] = {}

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes, headers: Any) -> Reply:
        """Answers a question of our side."""
        raise NotImplementedError

    def visit(self, url: str) -> dict[str, str]:
        """The person signs in at `url`; the parameters their browser comes back with."""
        raise NotImplementedError

    def new_code(self, **facts: Any) -> str:
        """A code that stands for a person who signed in, once."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = facts
        return code


class OidcWorld(World):
    """An OpenID Connect provider: discovery, keys, code flow with PKCE."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one"})
        self.claims: dict[str, Any] = {}
        """Claims put over the right ones; None takes one away."""
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.issuer = address
        self.provider = OpenIDConnect(
            issuer=address, client_id="citybrain", client_secret="a-secret", name="Test provider"
        )

    def visit(self, url: str) -> dict[str, str]:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["client_id"], asked["response_type"]) == ("citybrain", "code")
        assert asked["code_challenge_method"] == "S256"
        code = self.new_code(challenge=asked["code_challenge"], nonce=asked["nonce"], back=asked["redirect_uri"])
        return {"code": code, "state": asked["state"]}

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes, headers: Any) -> Reply:
        match path:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.address}/authorize",
                    "token_endpoint": f"{self.address}/token",
                    "jwks_uri": f"{self.address}/keys",
                }
            case "/keys":
                return 200, {"keys": [self.key.as_dict(private=False)]}
            case "/token":
                return self.token(dict(parse_qsl(body.decode())), headers["Authorization"] or "")
        return 404, {}

    def token(self, asked: dict[str, str], authorization: str) -> Reply:
        """Exchanges a code, once, for whom it was given to."""
        known = self.codes.pop(asked.get("code", ""), None)
        made = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        client = base64.b64encode(b"citybrain:a-secret").decode()
        if known is None or known["challenge"] != challenge or known["back"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if authorization != f"Basic {client}":
            return 401, {"error": "invalid_client"}
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "248289", "aud": "citybrain", "iat": now, "exp": now + 300}
        claims |= {"nonce": known["nonce"], "name": "王小明", "email": "wang@example.org"} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        """The claims as an honest provider signs them."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


class ZheZhengDingWorld(World):
    """The officials' app as it is publicly described: signed questions, a code for a person."""

    SECRET = "app-secret"

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.provider = ZheZhengDing(
            login=address, platform=address, client_id="yk_dingoa", app_key="app-key", app_secret=self.SECRET
        )

    def visit(self, url: str) -> dict[str, str]:
        asked = dict(parse_qsl(urlsplit(url).query))
        assert (asked["client_id"], asked["scope"], asked["authType"]) == ("yk_dingoa", "get_user_info", "QRCODE")
        return {"code": self.new_code(), "state": asked["state"]}

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes, headers: Any) -> Reply:
        asked = dict(parse_qsl(body.decode()))
        words = "&".join(f"{name}={asked[name]}" for name in sorted(asked))
        lines = [method, headers["X-Hmac-Auth-Timestamp"], headers["X-Hmac-Auth-Nonce"], path, words]
        made = hmac.new(self.SECRET.encode(), "\n".join(lines).encode(), hashlib.sha256).digest()
        if headers["X-Hmac-Auth-Signature"] != base64.b64encode(made).decode() or headers["apiKey"] != "app-key":
            return 200, {"success": False, "errorMsg": "signature"}
        if path == "/gettoken.json":
            data: dict[str, Any] = {"accessToken": "app-token", "expiresIn": 7200}
        elif asked["access_token"] != "app-token" or self.codes.pop(asked["code"], None) is None:
            return 200, {"success": True, "content": {"success": False, "responseMessage": "code"}}
        else:
            data = {"accountId": 30411, "lastName": "王小明", "employeeCode": "GE_1", "tenantId": 50516}
        return 200, {"success": True, "content": {"success": True, "data": data}}


class ZheLiBanWorld(World):
    """The citizens' app as it is publicly described: a ticket for a token for a person."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.provider = ZheLiBan(
            login=f"{address}/uc/sso/login", gateway=address, app_id="20020", access_key="ak", secret_key="sk"
        )

    def visit(self, url: str) -> dict[str, str]:
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["appId"] == "20020"
        return {"ticketId": self.new_code(), "redirectUrl": asked["sp"]}

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes, headers: Any) -> Reply:
        signed = f"{method}\n{path}\n\n{headers['X-BG-HMAC-ACCESS-KEY']}\n{headers['X-BG-DATE-TIME']}\n"
        made = hmac.new(b"sk", signed.encode(), hashlib.sha256).digest()
        if headers["X-BG-HMAC-SIGNATURE"] != base64.b64encode(made).decode():
            return 401, {"message": "Invalid signature"}
        asked = json.loads(body)
        if path == TOKEN and self.codes.pop(asked["ticketId"], None) is not None:
            return 200, {"success": True, "data": {"accessToken": "person-token"}}
        if path == PERSON and asked["token"] == "person-token":
            person = {"userId": "8a81", "userName": "王小明", "idNo": "330784199001011234", "phone": "13812345678"}
            return 200, {"success": True, "data": {"userType": "person", "personInfo": person}}
        return 200, {"success": False, "errorMsg": "refused"}


WORLDS: dict[str, type[World]] = {"oidc": OidcWorld, "zhezhengding": ZheZhengDingWorld, "zheliban": ZheLiBanWorld}


@contextmanager
def running(kind: type[World]) -> Iterator[Any]:
    """A world that listens at a free port of 127.0.0.1 until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.respond("GET", b"")

        def do_POST(self) -> None:
            self.respond("POST", self.rfile.read(int(self.headers["Content-Length"] or 0)))

        def respond(self, method: str, body: bytes) -> None:
            parts = urlsplit(self.path)
            status, content = world.broken or world.answer(
                method, parts.path, dict(parse_qsl(parts.query)), body, self.headers
            )
            sent = (content if isinstance(content, str) else json.dumps(content)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    world = kind(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
