"""A real nginx with the project's own files, filled in for the tests."""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from baclofen_faq.vetted_files import ROOT
from tests.conftest import free_port
from tests.faults.processes import Process, until

FILES = ROOT / "deploy" / "nginx"
CHAT, CONSOLE = "chat.clinic.example", "console.clinic.example"
VARIABLE = re.compile(r"\$\{([A-Z_]+)\}")


class Nginx:
    """One nginx in a folder of its own, in front of these gateways and this console, by their ports."""

    def __init__(self, folder: Path, gateways: Sequence[int], console: int, **settings: str) -> None:
        """Write its files; nothing runs yet."""
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        self.certificate = folder / "certificate.pem"
        self._settings = {
            "CHAT_HOST": CHAT,
            "CONSOLE_HOST": CONSOLE,
            "HTTPS_PORT": f"127.0.0.1:{self.port}",
            "HTTP_PORT": f"127.0.0.1:{self.plain_port}",
            "TLS_CERTIFICATE": str(self.certificate),
            "TLS_KEY": str(folder / "key.pem"),
            "GATEWAY_SERVERS": " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in gateways),
            "CONSOLE_SERVER": f"127.0.0.1:{console}",
            "CONSOLE_ACCESS": "allow all;",
            "TRUSTED_PROXY": "unix:",
            **settings,
        }
        shutil.copytree(FILES, folder, dirs_exist_ok=True)
        (folder / "tmp").mkdir()
        certificate_for(folder, CHAT, CONSOLE)
        self._fill_in()
        self.command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        self._process = Process(self.command, folder / "output.txt", is_ready=self._is_up)

    @contextmanager
    def running(self) -> Iterator["Nginx"]:
        """It runs inside, and not afterwards."""
        self._process.start()
        try:
            self._process.wait_until_ready()
            yield self
        finally:
            self._process.kill()

    @property
    def printed(self) -> str:
        """All that it wrote, of its error log and of its access log."""
        return self._process.output.read_text()

    def raw(self, request: str, address: str = "127.0.0.1") -> str:
        """All that is answered to what is written here as it is, from this address, until nginx hangs up."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        plain = socket.create_connection(("127.0.0.1", self.port), source_address=(address, 0))
        with context.wrap_socket(plain, server_hostname=CHAT) as connection:
            connection.sendall(request.encode())
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")

    def change(self, name: str, old: str, new: str) -> None:
        """Change its copy of a file; where it runs, it goes on with the new one at its next `read_again`."""
        text = (self.folder / name).read_text()
        assert old in text
        (self.folder / name).write_text(text.replace(old, new))

    def read_again(self) -> None:
        """Make it read its files again, as an operator does: nobody's connection breaks."""
        os.kill(self._process.pid, signal.SIGHUP)

    def logged(self) -> list[dict[str, Any]]:
        """The lines of its access log."""
        return [json.loads(line) for line in self.printed.splitlines() if line.startswith("{")]

    def logged_since(self, lines: int, wanted: int) -> list[dict[str, Any]]:
        """The lines after the first so many, once there are as many as wanted: nginx writes one after it answered."""
        until(lambda: len(self.logged()) >= lines + wanted, 5)
        return self.logged()[lines:]

    def _fill_in(self) -> None:
        subprocess.run([FILES / "fill_in.sh", self.folder], env={**os.environ, **self._settings}, check=True)

    def _is_up(self) -> bool:
        return (self.folder / "tmp" / "nginx.pid").exists() and "notice" in self.printed


def certificate_for(folder: Path, *hosts: str) -> None:
    """A certificate of these hosts that nobody but the tests trusts, and its key."""
    names = ",".join(f"DNS:{host}" for host in hosts)
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", "/CN=tests", "-addext", f"subjectAltName={names}"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )
