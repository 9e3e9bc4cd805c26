"""A key that was committed is found, also when it was taken out again; what is known to be none is not."""

import hashlib
import secrets
import string
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from baclofen_faq.vetted_files import ROOT
from security.locked import UV

DETECTOR = "detect-secrets==1.5.0"  # as in the Makefile


def scan(repository: Path) -> tuple[int, str]:
    command = [UV, "run", "--quiet", "--isolated", "--no-project", "--python", sys.executable, "--with", DETECTOR]
    script = ["--with", "pyyaml", "python", str(ROOT / "security" / "secret_scan.py"), str(repository)]
    done = subprocess.run([*command, *script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.stdout, done.stderr
    return done.returncode, done.stdout


def git(repository: Path, *arguments: str) -> None:
    who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org")
    subprocess.run(["git", "-C", str(repository), *who, *arguments], check=True, capture_output=True)


def commit(repository: Path, name: str, text: str) -> None:
    (repository / name).parent.mkdir(exist_ok=True)
    (repository / name).write_text(text)
    git(repository, "add", "--all")
    git(repository, "commit", "--message", f"change {name}")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A new one, in which nothing is known to be no secret."""
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "security/no_secrets.yml", "[]\n")
    return tmp_path


@pytest.fixture
def key() -> str:
    """A made-up access key of a cloud, in its form; it stands in no file of the project."""
    return "AKIA" + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(16))


def test_a_key_is_found_that_was_taken_out_again(repository: Path, key: str) -> None:
    commit(repository, "settings.py", f"ACCESS = '{key}'\n")
    commit(repository, "settings.py", "ACCESS = os.environ['ACCESS']\n")
    code, said = scan(repository)
    assert code == 1 and "settings.py: AWS Access Key" in said
    assert key not in said


def test_a_key_is_found_before_it_is_committed(repository: Path, key: str) -> None:
    commit(repository, "settings.py", "ACCESS = ''\n")
    (repository / "settings.py").write_text(f"ACCESS = '{key}'\n")
    assert scan(repository)[0] == 1


def test_a_password_is_found_by_its_word_and_a_made_up_one_of_a_test_is_not(repository: Path) -> None:
    line = f"password = '{secrets.token_urlsafe(12)}'\n"
    commit(repository, "tests/test_sign_in.py", line)
    assert scan(repository)[0] == 0
    commit(repository, "settings.py", line.replace("password", "db_password"))
    assert scan(repository)[0] == 1


def test_what_is_known_to_be_none_passes_until_it_is_found_nowhere(repository: Path, key: str) -> None:
    sha1 = hashlib.sha1(key.encode()).hexdigest()
    commit(repository, "docs.md", f"such as {key}\n")
    commit(repository, "security/no_secrets.yml", yaml.safe_dump([{"sha1": sha1, "why": "an example of the docs"}]))
    assert scan(repository)[0] == 0
    commit(repository, "security/no_secrets.yml", yaml.safe_dump([{"sha1": "0" * 40, "why": "long gone"}]))
    code, said = scan(repository)
    assert code == 1 and f"{'0' * 40} is found nowhere" in said and sha1 in said


def test_each_that_is_known_to_be_none_has_its_reason() -> None:
    known = yaml.safe_load((ROOT / "security" / "no_secrets.yml").read_text())
    assert known and all(len(one["sha1"]) == 40 and len(one["why"]) > 20 for one in known)
