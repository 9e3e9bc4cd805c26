"""nginx without containers: the example's settings, filled in beside Debian's own nginx.conf, are what nginx takes."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.nginx import FILES, certificate_for

DEBIANS = Path("/etc/nginx/nginx.conf")


@pytest.fixture
def etc(nginx_is_there: None, tmp_path: Path) -> Path:
    """As /etc/nginx is after the commands of deploy/README.md, with a certificate where the example says one is."""
    if not DEBIANS.exists():
        pytest.skip("this nginx has no nginx.conf of Debian's")
    certificate_for(tmp_path, "chat.clinic.example")
    settings = tmp_path / "nginx.env"
    example = (FILES / "nginx.example.env").read_text()
    settings.write_text(re.sub(r"/etc/letsencrypt\S+/(fullchain|privkey)", rf"{tmp_path}/\1", example))
    (tmp_path / "certificate.pem").rename(tmp_path / "fullchain.pem")
    (tmp_path / "key.pem").rename(tmp_path / "privkey.pem")
    script = f'set -a; . {settings}; "{FILES}/fill_in.sh" {tmp_path}'
    subprocess.run(["sh", "-c", script], check=True)
    (tmp_path / "mime.types").write_bytes((DEBIANS.parent / "mime.types").read_bytes())
    text = re.sub(r"(pid|error_log|access_log) \S+;", "", DEBIANS.read_text()).replace("/etc/nginx/", f"{tmp_path}/")
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/nginx.pid;\n{text}")
    return tmp_path


def taken(etc: Path) -> subprocess.CompletedProcess[str]:
    command = ["nginx", "-t", "-c", str(etc / "nginx.conf")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_debians_nginx_takes_the_files(etc: Path) -> None:
    done = taken(etc)
    assert done.returncode == 0 and "[warn]" not in done.stderr, done.stderr


def test_a_slip_in_them_would_be_found(etc: Path) -> None:
    site = etc / "snippets" / "site.conf"
    site.write_text(site.read_text().replace("limit_req ", "limit_reqs "))
    assert taken(etc).returncode != 0


def test_a_setting_that_is_missing_is_named(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "CHAT_HOST": "x", "CONSOLE_HOST": "y"}
    done = subprocess.run(
        [FILES / "fill_in.sh", tmp_path], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "is not set; nginx.example.env says what it is." in done.stderr
