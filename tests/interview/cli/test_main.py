"""The `candor` command as a program: help, versions, and one sentence for everything that goes wrong."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from biometrics.errors import EnrolmentError
from fraudmodel.errors import FraudModelError
from interview.cli.errors import sentence
from interview.cli.main import COMMANDS
from interview.errors import MediaError
from interview.problems import NotFound
from interview.settings import Settings
from models.errors import ModelError

CANDOR = Path(sys.executable).with_name("candor")


def candor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CANDOR_")}
    return subprocess.run(
        [str(CANDOR), *arguments],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [(), ("--help",), ("help",)])
def test_help_names_every_command(arguments: tuple[str, ...]) -> None:
    done = candor(*arguments)
    assert done.returncode == 0
    assert [name for name in COMMANDS if re.search(rf"^  {name} ", done.stdout, re.MULTILINE)] == list(
        COMMANDS
    )


def test_every_command_is_there() -> None:
    assert [name for name, each in COMMANDS.items() if importlib.util.find_spec(each.module) is None] == []


def test_version() -> None:
    assert re.fullmatch(r"candor \d+\.\d+\.\d+\n", candor("--version").stdout)


def failure(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence on stderr of a command that failed."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stderr.startswith("candor: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("candor: ").strip()


def test_unknown_command() -> None:
    assert failure(candor("dance")).startswith("there is no command 'dance': it has serve, users, ")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"CANDOR_PORT": "many"}, "a setting is wrong: CANDOR_PORT: "),
        ({"CANDOR_PRIOR": "1.5"}, "a setting is wrong: CANDOR_PRIOR: "),
        (
            {"CANDOR_TLS_KEY": "key.pem"},
            "a setting is wrong: CANDOR_TLS_CERTIFICATE and CANDOR_TLS_KEY belong together",
        ),
        ({"CANDOR_PRODUCTS": "[{]"}, "a setting is wrong, lists are written as JSON: "),
        ({"CANDOR_ICE_SERVERS": "[{}]"}, "a setting is wrong: CANDOR_ICE_SERVERS: "),
        ({"CANDOR_DATABASE_URL": "nonsense"}, "CANDOR_DATABASE_URL is no database URL"),
        (
            {"CANDOR_DATA_DIR": "/dev/null/data"},
            "the data folder /dev/null/data cannot be written (Not a directory)",
        ),
    ],
)
def test_wrong_setting_is_one_sentence(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    assert said in failure(
        candor("users", "list", **{"CANDOR_DATA_DIR": str(tmp_path / "data"), **environment})
    )


def test_accounts_are_added_changed_and_listed(tmp_path: Path) -> None:
    here = {"CANDOR_DATA_DIR": str(tmp_path / "data"), "CANDOR_PASSWORD": "a long enough password"}
    added = candor("users", "add", "Li", "--role", "officer", "--name", "李经理", **here)
    assert (added.returncode, added.stdout) == (0, "li may now sign in as officer.\n")
    assert candor("users", "password", "li", **here).stdout == "li has a new password.\n"
    assert candor("users", "disable", "LI", **here).returncode == 0
    assert re.search(r"li .*officer.*李经理.*no", candor("users", "list", **here).stdout)
    assert "already an account named li" in failure(candor("users", "add", "li", "--role", "admin", **here))
    assert failure(candor("users", "disable", "wang", **here)) == "There is no account named wang."
    assert "10 characters" in failure(
        candor("users", "add", "wu", "--role", "admin", **{**here, "CANDOR_PASSWORD": "short"})
    )
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_wrong_option_says_how_the_command_is_used() -> None:
    done = candor("users", "add", "li", "--role", "king", CANDOR_PASSWORD="a long enough password")
    assert done.returncode == 2
    assert "Usage: candor users" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", [MediaError, EnrolmentError, FraudModelError, ModelError])
def test_every_packages_errors_are_sentences(kind: type[Exception]) -> None:
    assert sentence(kind("The disk of the moon is full.")) == "The disk of the moon is full."
    assert sentence(NotFound("There is none.", "没有。")) == "There is none."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "a.webm"), "a.webm: the disk is full"),
        (PermissionError(13, "Permission denied"), "no permission"),
        (FileNotFoundError(2, "No such file or directory", "b"), "b: there is no such file or folder"),
    ],
)
def test_expected_system_errors_are_sentences(error: OSError, said: str) -> None:
    assert (sentence(error) or "").startswith(said)


@pytest.mark.parametrize("error", [ValueError("x"), OSError(5, "Input/output error"), KeyError("x")])
def test_errors_that_nobody_expected_are_not(error: Exception) -> None:
    assert sentence(error) is None


def test_settings_are_read_from_the_environment_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("CANDOR_PORT=9000\nCANDOR_INSTITUTION=测试银行\n", encoding="utf-8")
    read = Settings(_env_file=file)  # type: ignore[call-arg]
    assert (read.port, read.institution) == (9000, "测试银行")
    with pytest.raises(ValidationError):
        Settings(_env_file=None, port=70_000)  # type: ignore[call-arg]
