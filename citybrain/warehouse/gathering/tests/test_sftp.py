"""Files over SFTP from a server that proves itself, and from one that does not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paramiko
import pytest

from citybrain.kernel.lake.tables import Lake
from citybrain.warehouse.gathering.actions import gather_table
from citybrain.warehouse.gathering.tests.conftest import Declare, books


class Door(paramiko.ServerInterface):
    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL if (username, password) == ("bureau", "s3cret") else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class Files(paramiko.SFTPServerInterface):
    """One folder, read only."""

    folder: Path

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes]:
        return [paramiko.SFTPAttributes.from_stat(file.stat(), file.name) for file in self.folder.iterdir()]

    def stat(self, path: str) -> paramiko.SFTPAttributes:
        return paramiko.SFTPAttributes.from_stat((self.folder / Path(path).name).stat())

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle:
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = (self.folder / Path(path).name).open("rb")
        return handle


@pytest.fixture
def server(tmp_path: Path, settings: Any, home: Path, monkeypatch: Any) -> Iterator[tuple[str, str, Path]]:
    """(URL, host key, folder)."""
    folder = tmp_path / "remote"
    folder.mkdir()
    key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    files = type("FolderFiles", (Files,), {"folder": folder})

    def serve() -> None:
        while True:
            try:
                line, _address = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(line)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, files)
            try:
                transport.start_server(server=Door())
            except (paramiko.SSHException, EOFError):
                transport.close()

    threading.Thread(target=serve, daemon=True).start()
    port = listener.getsockname()[1]
    settings.GATHERING_ALLOWED_HOSTS = (f"127.0.0.1:{port}",)
    monkeypatch.setenv("COUNTY_SFTP_PASSWORD", "s3cret")
    yield f"sftp://bureau@127.0.0.1:{port}/out", f"{key.get_name()} {key.get_base64()}", folder
    listener.close()


def test_files_are_fetched_once(server: tuple[str, str, Path], declare: Declare, lake: Lake) -> None:
    url, key, folder = server
    (folder / "a.csv").write_text("id\n1\n2\n")
    (folder / "notes.txt").write_text("no table")
    options = {"host_key": key, "password": "${COUNTY_SFTP_PASSWORD}"}
    table = declare("sftp", url, "*.csv", mode="incremental", options=options)
    run = gather_table(table, lake=lake, load="a")
    assert (run.error, books(run)) == ("", (2, 2, 0, 0))
    (folder / "b.csv").write_text("id\n3\n")
    assert books(gather_table(table, lake=lake, load="b")) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"host_key": ""}, "needs options.host_key"),
        ({"host_key": "ssh-ed25519 AAAAbroken"}, "host_key is no host key"),
        ({"password": "wrong"}, "Check host key, user and folder"),
        ({"password": "${COUNTY_MISSING}"}, "COUNTY_MISSING is not set"),
    ],
)
def test_who_does_not_prove_himself_is_refused(
    change: dict[str, str], why: str, server: tuple[str, str, Path], declare: Declare, lake: Lake
) -> None:
    url, key, _folder = server
    options = {"host_key": key, "password": "${COUNTY_SFTP_PASSWORD}"} | change
    run = gather_table(declare("sftp", url, "*.csv", options=options), lake=lake, load="a")
    assert run.state == "failed"
    assert why in run.error


def test_another_servers_key_is_refused(server: tuple[str, str, Path], declare: Declare, lake: Lake) -> None:
    url, _key, _folder = server
    other = paramiko.ECDSAKey.generate()
    options = {"host_key": f"{other.get_name()} {other.get_base64()}", "password": "${COUNTY_SFTP_PASSWORD}"}
    run = gather_table(declare("sftp", url, "*.csv", options=options), lake=lake, load="a")
    assert run.state == "failed"
    assert "host key" in run.error.lower()
