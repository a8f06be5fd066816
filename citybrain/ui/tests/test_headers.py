"""Headers and cookies of every answer, and the visitor's address behind proxies."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from citybrain.kernel.identity.models import User
from citybrain.ui.addresses import client_address

PROXIES = ("10.0.0.0/8", "192.0.2.1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Content-Security-Policy", "default-src 'self'"),
        ("Content-Security-Policy", "object-src 'none'"),
        ("Content-Security-Policy", "base-uri 'none'"),
        ("Content-Security-Policy", "form-action 'self'"),
        ("Content-Security-Policy", "frame-ancestors 'none'"),
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "microphone=()"),
        ("Permissions-Policy", "geolocation=(self)"),
    ],
)
@pytest.mark.parametrize("address", ["/login/", "/", "/nowhere/"])
def test_every_answer_carries_the_safe_headers(header: str, words: str, address: str) -> None:
    assert words in Client().get(address).headers[header]


@pytest.mark.django_db
def test_the_policy_allows_no_inline_script_and_no_eval() -> None:
    policy = Client().get("/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.django_db
def test_what_somebody_signed_in_has_seen_is_kept_by_no_cache() -> None:
    browser = Client()
    browser.force_login(User.objects.create_user("wang"))
    assert browser.get("/").headers["Cache-Control"] == "no-store, private"
    assert "public" in browser.get("/county.svg").headers["Cache-Control"]


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites() -> None:
    browser = Client()
    browser.get("/login/")
    browser.force_login(User.objects.create_user("wang"))
    browser.get("/")
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = browser.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name


WITH_TLS = """
import django
django.setup()
from django.conf import settings
from django.test import Client
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE)
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
plain = Client().get("/county.svg", headers={"host": "localhost"})
print(plain.status_code, plain.headers["Location"])
safe = Client().get("/county.svg", headers={"host": "localhost", "x-forwarded-proto": "https"})
print(safe.status_code, safe.headers["Strict-Transport-Security"])
"""


def test_with_tls_cookies_are_secure_and_browsers_are_told_to_stay() -> None:
    """Its own process: the setting is read when the site starts."""
    environment = {**os.environ, "CITYBRAIN_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "citybrain.site.settings"}
    run = subprocess.run([sys.executable, "-c", WITH_TLS], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [
        "True True True",
        "__Host-session __Host-csrf",
        "301 https://localhost/county.svg",
        "200 max-age=31536000",
    ]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.7", "203.0.113.5"),
        ("10.1.2.3", "198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "8.8.8.8, 198.51.100.7", "198.51.100.7"),
        ("10.1.2.3", "198.51.100.7, 10.9.9.9, 192.0.2.1", "198.51.100.7"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "<script>", "10.1.2.3"),
        ("::ffff:10.1.2.3", "2001:db8::5", "2001:db8::5"),
        ("::ffff:203.0.113.5", "", "203.0.113.5"),
        ("", "", ""),
        ("unix:", "", ""),
    ],
)
def test_only_our_proxies_are_believed(peer: str, forwarded: str, found: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == found


@given(forged=st.lists(st.ip_addresses().map(str) | st.text("0123456789abcdef.:[]<>é ", max_size=20), max_size=5))
def test_whatever_a_stranger_writes_their_own_address_stays(forged: list[str]) -> None:
    header = ", ".join([*(text.replace(",", "") for text in forged), "198.51.100.7"])
    assert client_address("10.0.0.1", header, PROXIES) == "198.51.100.7"
    assert client_address("198.51.100.7", ", ".join(forged), PROXIES) == "198.51.100.7"


def test_fields_and_files_of_one_form_are_counted() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 5 * 1024 * 1024
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS <= 5000
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES <= 20


def test_debug_is_off_and_pages_say_nothing_of_the_inside() -> None:
    assert settings.DEBUG is False
