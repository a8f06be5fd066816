"""Hostile addresses: no source reaches what is not its own."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from citybrain.kernel.network.addresses import is_public
from citybrain.warehouse.gathering import guarded_http
from citybrain.warehouse.gathering.addresses import delivered, fill, reach, reach_url
from citybrain.warehouse.gathering.connections import connection
from citybrain.warehouse.gathering.deliveries import find
from citybrain.warehouse.gathering.errors import AddressRefused, DeclarationError, DriverMissing, GatheringError
from citybrain.warehouse.gathering.kinds import KINDS, kind_of

PRIVATE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "::127.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_inside_are_not_public(address: str, home: Path) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused):
        reach(address, 80)


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1"])
def test_addresses_outside_are(address: str, home: Path) -> None:
    assert reach(address, 443).address == address


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.0.1.", "１２７.0.0.1", "[::1]", "a b", "",
        "x\0y", "metadata.example@127.0.0.1", "-x", "%31",
    ],
)  # fmt: skip
def test_disguised_hosts_are_refused(host: str, home: Path) -> None:
    with pytest.raises(AddressRefused):
        reach(host, 80)


def test_a_name_is_resolved_once_and_every_answer_checked(home: Path, monkeypatch: Any) -> None:
    answers = [[("93.184.216.34", 80), ("10.0.0.1", 80)], [("93.184.216.34", 80)]]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_args, **_kwargs: [(0, 0, 0, "", address) for address in answers.pop(0)]
    )
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        reach("rebind.example", 80)
    assert reach("rebind.example", 80).address == "93.184.216.34"


def test_the_installation_may_allow_one_port_of_one_host(home: Path, settings: Any) -> None:
    settings.GATHERING_ALLOWED_HOSTS = ("127.0.0.1:8080",)
    assert reach("127.0.0.1", 8080).address == "127.0.0.1"
    with pytest.raises(AddressRefused, match="CITYBRAIN_GATHERING_ALLOWED_HOSTS"):
        reach("127.0.0.1", 8081)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://8.8.8.8/", "ftp://8.8.8.8/x", "http://8.8.8.8:99999/",
        "http:///x", "//8.8.8.8/",
        "http://8.8.8.8\\@127.0.0.1/", "http://8.8.8.8/\r\nHost: x", "jdbc:mysql://8.8.8.8/",
        "http://127.0.0.1#8.8.8.8",
    ],
)  # fmt: skip
def test_other_schemes_and_broken_urls_are_refused(url: str, home: Path) -> None:
    with pytest.raises(AddressRefused):
        reach_url(url)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../secret", "a/../../b", "~/x", "C:/x", "\\\\server\\x", "a\0b", "file:///etc/passwd"]
)
def test_paths_out_of_the_delivery_root_are_refused(path: str, deliveries: Path) -> None:
    with pytest.raises(AddressRefused):
        delivered(path)


def test_links_out_of_the_delivery_root_are_refused(deliveries: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (deliveries / "x.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(AddressRefused):
        delivered("deliveries/x.csv")
    with pytest.raises(AddressRefused):
        find("deliveries", "*.csv")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////etc/passwd", "sqlite:///../x.sqlite", "sqlite://", "sqlite:///:memory:",
        "sqlite:///file:x?mode=rwc&uri=true", "postgresql://u:p@127.0.0.1/db", "postgresql:///db?host=/var/run",
        "postgresql://8.8.8.8/db?host=127.0.0.1", "postgresql://8.8.8.8/db?sslkey=/etc/passwd",
        "postgresql://8.8.8.8/db?service=x", "postgresql://8.8.8.8/db?hostaddr=127.0.0.1", "postgresql:///db",
        "postgresql:///db?host=a.example,127.0.0.1", "mysql+pymysql://8.8.8.8/db?read_default_file=/etc/my.cnf",
        "mysql+pymysql://8.8.8.8/db?local_infile=1",
    ],
)  # fmt: skip
def test_hostile_database_urls_are_refused(url: str, home: Path) -> None:
    kind = url.split(":", 1)[0].split("+")[0]
    with pytest.raises((AddressRefused, DriverMissing)) as refusal:
        connection(kind, url)
    assert isinstance(refusal.value, AddressRefused) or "pymysql" in str(refusal.value)


def test_the_host_is_pinned_to_the_checked_address(home: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("citybrain.kernel.network.addresses._resolve", lambda _name, _port: ["93.184.216.34"])
    opened = connection("postgresql", "postgresql://u:p@db.example/x")
    assert (opened.url.host, opened.url.port, opened.hostname) == ("93.184.216.34", 5432, "db.example")


def test_placeholders_are_filled_but_never_with_the_sites_secrets(monkeypatch: Any) -> None:
    monkeypatch.setenv("COUNTY_TOKEN", "abc")
    assert fill("x${COUNTY_TOKEN}") == "xabc"
    with pytest.raises(DeclarationError, match="COUNTY_MISSING"):
        fill("${COUNTY_MISSING}")
    with pytest.raises(AddressRefused):
        fill("${CITYBRAIN_SECRET_KEY}")


def test_kinds_are_listed_honestly() -> None:
    assert len(KINDS) > 100
    assert {key for key, kind in KINDS.items() if kind.is_tested} == {
        "csv", "xlsx", "jsonl", "parquet", "dbf", "http-json", "sftp", "sqlite", "postgresql", "postgresql-psycopg",
    }  # fmt: skip
    assert all(kind.package for kind in KINDS.values() if not kind.is_tested)


def test_a_missing_driver_is_named_with_the_command_that_installs_it(home: Path) -> None:
    with pytest.raises(DriverMissing, match="python -m pip install dmsqlalchemy"):
        connection("dameng", "dm+dmPython://SYSDBA:x@8.8.8.8:5236")


def test_a_kind_is_found_by_its_scheme_and_a_typing_error_gets_a_hint() -> None:
    assert kind_of("taos").key == "tdengine"
    with pytest.raises(DeclarationError, match="'postgresql'"):
        kind_of("postgressql")


def test_an_empty_folder_is_a_delivery_that_did_not_come(deliveries: Path) -> None:
    with pytest.raises(GatheringError, match="wait for the delivery"):
        find("deliveries", "*.csv")


def test_a_redirect_inside_is_refused(home: Path, monkeypatch: Any) -> None:
    session = guarded_http.GuardedSession({})
    with pytest.raises(AddressRefused):
        session.get("http://localhost:1/", parameters={}, parse=bytes)
