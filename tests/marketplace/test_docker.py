"""The deployment against the project: what runs in containers is what runs, and is tested, here."""

import inspect
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from marketplace import settings
from marketplace.local.management.commands.serve import programs
from marketplace.local.postgres import SETTINGS, Postgres
from marketplace.local.server import LOOPBACK
from tests.conftest import CHECKOUT, eventually

DOCKER = CHECKOUT / "docker"
HEALTHCHECK = [sys.executable, str(DOCKER / "healthcheck.py")]
SECRETS = {"POSTGRES_PASSWORD", "UPCURRENT_SECRET_KEY", "UPCURRENT_PSEUDONYM_KEY"}
# A container is reached by its own address, and nobody else's programs share its sockets.
OF_ONE_MACHINE = {"listen_addresses", "unix_socket_directories"}
READY_SECONDS = 30.0


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = (DOCKER / "compose.yaml").read_text()
    return dict(yaml.safe_load(text))


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (DOCKER / "Dockerfile").read_text()


def own_services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: service for name, service in compose["services"].items() if "build" in service}


def settings_read() -> set[str]:
    """The names of the variables that the settings take from the environment."""
    source = Path(str(settings.__file__)).read_text()
    return set(re.findall(r'(?:environ\.get\(|environ\[|required\(|kept_secret\()"(\w+)"', source))


def example() -> dict[str, str]:
    """The variables of env.example with their values, those behind a # too."""
    lines = (DOCKER / "env.example").read_text().splitlines()
    found = (re.fullmatch(r"(?:# )?([A-Z_]+)=(.*)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def test_the_containers_run_the_very_commands_that_run_here(
    compose: dict[str, Any], dockerfile: str
) -> None:
    image_command = re.findall(r"^CMD (.+)$", dockerfile, re.MULTILINE)
    assert "command" not in compose["services"]["web"]
    deployed = {
        "web": json.loads(*image_command),
        "worker": compose["services"]["worker"]["command"],
        "beat": compose["services"]["beat"]["command"],
    }
    for command in deployed.values():
        command[0] = sys.executable if command[0] == "python" else command[0]
    local = programs(port=8000, schedule=Path("/var/lib/upcurrent/beat-schedule"))
    local["web"] = [part.replace(LOOPBACK, "0.0.0.0") for part in local["web"]]
    assert deployed == local


def test_the_database_is_made_and_run_the_way_it_is_tested(compose: dict[str, Any]) -> None:
    service = compose["services"]["postgres"]
    wanted = [f"-c{key}={value}" for key, value in SETTINGS.items() if key not in OF_ONE_MACHINE]
    assert service["command"] == ["postgres", *wanted]
    made = re.findall(r'"(--(?:encoding|\S*locale)\S*=\S+)"', inspect.getsource(Postgres.prepare))
    assert service["environment"]["POSTGRES_INITDB_ARGS"].split() == made != []


def test_every_setting_is_explained_and_reaches_the_containers(
    compose: dict[str, Any], dockerfile: str
) -> None:
    table = set(re.findall(r"^([A-Z]+_[A-Z_]+) ", str(settings.__doc__), re.MULTILINE))
    assert settings_read() == table
    assert set(example()) == table | {"POSTGRES_PASSWORD"}
    baked = set(re.findall(r"^ENV (\w+)=", dockerfile, re.MULTILINE))
    for service in own_services(compose).values():
        assert set(service["environment"]) | baked == table


def test_nothing_starts_before_the_secrets_are_filled_in(compose: dict[str, Any]) -> None:
    text = (DOCKER / "compose.yaml").read_text()
    demanded = set(re.findall(r"\$\{(\w+):\?", text))
    assert demanded >= SECRETS
    assert {name for name, value in example().items() if not value} == SECRETS
    given = set(re.findall(r"^([A-Z_]+)=", (DOCKER / "env.example").read_text(), re.MULTILINE))
    assert demanded == given


def test_the_builder_sees_what_the_image_copies_and_nothing_else(dockerfile: str) -> None:
    rules = (CHECKOUT / ".dockerignore").read_text().splitlines()
    admitted = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = re.findall(r"^COPY (\S+) \S+$", dockerfile, re.MULTILINE)
    assert "*" in rules
    assert set(copied) == admitted
    assert all((CHECKOUT / path).exists() for path in copied)


def test_a_site_behind_an_https_proxy_is_healthy_until_it_is_gone() -> None:
    with site(UPCURRENT_HOSTS=".example.org", UPCURRENT_HTTPS="1") as address:
        url = f"{address}/healthz"
        # The first answer waits until the site is loaded; Docker, too, asks again.
        eventually(lambda: health(url) == 0)
    assert health(url) == 1


def health(url: str) -> int:
    """What the health check of the container ends with."""
    environment = {**os.environ, "UPCURRENT_HOSTS": ".example.org"}
    asked = subprocess.run([*HEALTHCHECK, url], env=environment, capture_output=True, check=False)
    return asked.returncode


@contextmanager
def site(**variables: str) -> Iterator[str]:
    """The site as it is deployed, on a free port, while the block runs."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = probe.getsockname()[1]
    command = programs(port=port, schedule=Path("unused"))["web"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env={**os.environ, **variables})
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not listens(port):
            assert process.poll() is None, "the site ended"
            assert time.monotonic() < deadline, "the site never came up"
            time.sleep(0.1)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        process.terminate()
        process.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
