"""`aibasic doctor`: each finding with its mark, and the command that mends a problem."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aibasic_kernel.compiler.configuration import policy
from aibasic_kernel.error_index import lookup
from aibasic_kernel.faces.doctor import installed, jupyter, keeping, services
from tests.command_line.command import Command, Ran
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

Here = Callable[..., Ran]


@pytest.fixture
def found(here: Here, aibasic: Command) -> Callable[..., list[dict[str, str]]]:
    """The findings about a configuration."""

    def run(configuration: str = "", *arguments: str, topic: str = "configuration") -> list[dict[str, str]]:
        if configuration:
            file = aibasic.folder / "aibasic.conf"
            file.write_text(configuration, encoding="utf-8")
            file.chmod(0o600)
        ran = here("doctor", "--json", *arguments)
        topics: dict[str, Any] = json.loads(ran.out)
        problems = [each for found in topics.values() for each in found if each["mark"] == "problem"]
        assert ran.code == bool(problems) and all(each["cure"] for each in problems)
        return topics[topic] if topic else [each for found in topics.values() for each in found]

    return run


Finder = Callable[..., list[dict[str, str]]]


def problems(found: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(each["text"], each["cure"]) for each in found if each["mark"] == "problem"]


def test_the_command_says_what_is_there_in_80_plain_columns(aibasic: Command) -> None:
    ran = aibasic.run("doctor")
    assert ran.code == 0 and ran.err == "" and ran.out.endswith("\nno problem\n"), ran
    assert "  ok       aibasic-kernel " in ran.out and f"{sys.prefix}/share/jupyter/kernels/aibasic" in ran.out
    assert "aibasic-labextension" in ran.out and "> aibasic new NAME" in ran.out
    assert all(len(line) <= 80 or "/" in line for line in ran.out.splitlines()) and "\x1b" not in ran.out


def test_help_tells_what_it_does(here: Here) -> None:
    assert "doctor" in here("--help").out
    told = " ".join(here("doctor", "--help").out.split())
    assert "no secret shown" in told and "--connect" in told and "--json" in told


@pytest.mark.parametrize(
    ("configuration", "text", "cure"),
    [
        ("[postgres]\nHOST = h\nPRT = 5432\n", "unknown key PRT (did you mean PORT?)", "mend it in"),
        ("[postgres]\nHOST = h\nPORT = many\n", "[postgres] PORT = many: expected a whole number", "mend it in"),
        ("[postgres]\nHOST = h\nPRODUCTON = true\n", "write PRODUCTION", "mend it in"),
        ("[postgrs]\nHOST = h\n", "[postgrs] is no service: did you mean [postgres]?", "mend its name in"),
        ("[redis]\nPORT = 6379\n", "[redis] has no HOST", "mend it in"),
        ("[mysql]\nHOST = h\nCONFIRM = perhaps\n", "perhaps", ""),
        ("[aibasic]\nMODELL = x\n", "[aibasic] has no key MODELL; did you mean MODEL?", "mend it in"),
        ("[aibasic]\nPARALLEL = lots\n", "PARALLEL in [aibasic]", ""),
        ("[postgres\nHOST = h\n", "line 1", "mend that line"),
    ],
)
def test_each_key_that_is_wrong_is_named_with_its_cure(configuration: str, text: str, cure: str, found: Finder) -> None:
    (fault,) = problems(found(configuration))
    assert text in fault[0] and cure in fault[1]


def test_all_that_is_wrong_is_found_at_once(found: Finder) -> None:
    told = found("[redis]\nHOST = h\nPORT = x\nDB = y\nHOTS = z\n[aibasic]\nMODELL = m\nREPAIR = often\n")
    assert len(problems(told)) == 5


def test_a_variable_of_the_environment_that_makes_no_sense_is_named(found: Finder, aibasic: Command) -> None:
    aibasic.environ["AIBASIC_PARALLEL"] = "lots"
    ((text, cure),) = problems(found("", topic="settings"))
    assert "AIBASIC_PARALLEL" in text and cure


def test_a_variable_that_is_not_set_and_a_file_that_is_not_trusted_are_named(found: Finder, aibasic: Command) -> None:
    told = problems(found("[mysql]\nHOST = h\nPASSWORD = ${SHOP_PASSWORD}\n"))
    assert (
        "[mysql] PASSWORD is ${SHOP_PASSWORD}, but the environment has no SHOP_PASSWORD",
        "export SHOP_PASSWORD=...",
    ) in told
    assert any("is not trusted" in text and cure.startswith("aibasic trust /") for text, cure in told)


def test_a_password_that_others_can_read_is_named_and_never_shown(here: Here, aibasic: Command) -> None:
    file = aibasic.folder / "aibasic.conf"
    file.write_text("[mysql]\nHOST = h\nUSER = u\nDATABASE = d\nPASSWORD = sesame-78Kq\nREADONLY = true\n")
    file.chmod(0o644)
    ran = here("doctor")
    assert ran.code == 1 and "sesame" not in ran.out + ran.err
    assert f"> chmod 600 {file}" in ran.out and "[mysql] 5 keys, READONLY" in ran.out
    file.chmod(0o600)
    assert here("doctor").code == 0
    file.write_text("[mysql]\nHOST = h\nPASSWORD = ${SHOP_PASSWORD}\n")
    file.chmod(0o644)
    assert "chmod" not in here("doctor").out


def test_connect_logs_in_to_each_service_and_names_the_one_that_fails(
    found: Finder, postgres_server: PostgresServer
) -> None:
    good = postgres_server.conf(PRODUCTION="true")
    wrong = postgres_server.conf(PASSWORD="not-this-one-9").replace("[postgres]", "[postgres:wrong]")
    told = found(good + wrong, "--connect", topic="services")
    assert told[0]["mark"] == "ok" and told[0]["text"].endswith(", PRODUCTION"), told
    assert f"{postgres_server.user}@{postgres_server.host}:{postgres_server.port}" in told[0]["text"]
    ((text, cure),) = problems(told)
    assert text.startswith("[postgres:wrong] ") and "password" in text and "\n" not in text
    assert cure == "is USER right, and PASSWORD?" and "not-this-one-9" not in f"{told}"


def test_without_connect_no_service_is_asked(found: Finder, postgres_server: PostgresServer) -> None:
    (told,) = found(postgres_server.conf(PASSWORD="not-this-one-9"), topic="services")
    assert told["mark"] == "ok" and "--connect tries the connection" in told["text"]


def test_a_server_that_is_not_there_is_told_in_a_line_with_what_to_look_at(found: Finder) -> None:
    section = "[postgres]\nHOST = 127.0.0.1\nPORT = 1\nDATABASE = d\nUSER = u\n"
    ((text, cure),) = problems(found(section, "--connect", topic="services"))
    assert text.startswith("[postgres] Failed to create PostgreSQL connection pool: ") and "refused" in text
    assert cure == "nothing listens there: does it run? are HOST and PORT right?"


def test_what_became_of_a_command_is_no_cure_of_a_connection(found: Finder, redis_server: RedisServer) -> None:
    section = redis_server.conf(PASSWORD="not-this-one-9")
    ((text, cure),) = problems(found(section, "--connect", topic="services"))
    assert text.startswith("[redis] ") and cure == "is USERNAME right, and PASSWORD?"
    ((text, cure),) = problems(found("[redis]\nHOST = 127.0.0.1\nPORT = 1\n", "--connect", topic="services"))
    assert cure == "nothing listens there: does it run? are HOST and PORT right?"


def test_a_failed_connection_names_its_place_in_the_documentation(
    here: Here, aibasic: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (aibasic.folder / "aibasic.conf").write_text("[redis]\nHOST = 127.0.0.1\nPORT = 1\n")
    monkeypatch.setenv("AIBASIC_DOCS", "https://docs.example.com/aibasic")
    assert "  read: https://docs.example.com/aibasic/errors.html#" in here("doctor", "--connect").out
    monkeypatch.delenv("AIBASIC_DOCS")
    monkeypatch.setattr(lookup, "_BUILT", aibasic.folder)
    assert "read:" not in here("doctor", "--connect").out


def test_a_key_that_is_wrong_is_told_of_once(aibasic: Command, redis_server: RedisServer) -> None:
    wrong = "[redis:protected]\nHOST = 127.0.0.1\nPRODUCTON = true\n"
    file = aibasic.folder / "aibasic.conf"
    file.write_text(redis_server.conf(TIMEOUTS=3) + wrong + "[kafka]\nBOOTSTRAP_SERVERS = h:1\nTIMEOUT = five\n")
    file.chmod(0o600)
    ran = aibasic.run("doctor", "--connect", "--json")
    assert ran.code == 1 and ran.err == "", ran
    told = [each for topic in json.loads(ran.out).values() for each in topic]
    for key in ("TIMEOUTS", "PRODUCTON", "TIMEOUT = five"):
        assert [each["mark"] for each in told if key in each["text"]] == ["problem"], key


def test_a_key_that_only_connecting_tells_of_is_to_be_mended(found: Finder) -> None:
    section = "[kafka]\nBOOTSTRAP_SERVERS = h:1\nSECURITY_PROTOCOL = SSL\nSSL_CA_CERT = /not/there.crt\n"
    ((text, cure),) = problems(found(section, "--connect", topic="services"))
    assert "[kafka] SSL_CA_CERT = /not/there.crt: no such file" in text and cure == "mend that key in aibasic.conf"


def test_a_server_that_never_answers_does_not_hold_up_the_rest(found: Finder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        section = f"[redis]\nHOST = 127.0.0.1\nPORT = {silent.getsockname()[1]}\n"
        ((text, cure),) = problems(found(section, "--connect", topic="services"))
    assert text == "[redis] did not answer within 0.1 s" and "[redis]" in cure


def test_the_original_aibasic_is_named(found: Finder, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = installed._version
    monkeypatch.setattr(installed, "_version", lambda name: "1.0" if name == "aibasic" else versions(name))
    told = [each for each in found("", topic="installed") if "original AIBasic 1.0" in each["text"]]
    assert [each["mark"] for each in told] == ["note"] and "pip uninstall aibasic" in told[0]["cure"]


def test_a_package_that_hides_the_modules_is_named(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aibasic.modules", None)  # as Python leaves a module that is not there
    ran = here("doctor")
    assert ran.code == 1 and "hides aibasic.modules" in ran.err and "pip uninstall aibasic" in ran.err


def test_the_models_host_is_reached_without_a_request(found: Finder, model: Any, aibasic: Command) -> None:
    aibasic.environ.update(ANTHROPIC_API_KEY="sk-ant-a-key-of-ours", AIBASIC_BUDGET_USD="2")
    told = found("", "--connect", topic="language model")
    assert "with a key" in told[0]["text"] and "can be reached; nothing was sent" in told[1]["text"]
    assert "BUDGET_USD = 2" in told[2]["text"] and model.requests == [] and "sk-ant" not in f"{told}"
    aibasic.environ["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:9"
    ((text, cure),) = problems(found("", "--connect", topic="language model"))
    assert "127.0.0.1:9 cannot be reached" in text and "BASE_URL" in cure


def test_what_the_policy_forbids_is_a_problem(
    found: Finder, aibasic: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "policy.conf"
    file.write_text("[policy]\nMODELS = other-*\n")
    monkeypatch.setattr(policy, "FILE", file)
    aibasic.environ["ANTHROPIC_API_KEY"] = "sk-ant-a-key-of-ours"
    ((text, _),) = problems(found("", topic="language model"))
    assert "does not allow the model" in text


def test_code_in_the_lock_that_is_not_trusted_is_a_problem(found: Finder, aibasic: Command) -> None:
    aibasic.program("10 set x to 5\n")
    assert aibasic.run("run", "program.aib").code == 0
    assert "1 entry" in found("", topic="lock")[0]["text"]
    lock = aibasic.folder / "aibasic.lock"
    lock.write_text(lock.read_text().replace("x = 5", "x = 6"))
    told = problems(found("", topic="lock"))
    assert any(cure == f"aibasic trust {lock}" for _, cure in told)


def test_a_missing_driver_and_a_missing_kernel_are_problems(
    found: Finder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    def none(self: object, name: str) -> None:
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", none)
    monkeypatch.setattr(services, "find_spec", lambda name: None)
    monkeypatch.setattr(installed, "_version", lambda name: "" if name == "pika" else "99")
    told = found("[redis]\nHOST = h\n", "--connect", topic="")
    assert ("Jupyter lists no kernel aibasic", "aibasic install") in problems(told)
    assert ("[redis] needs redis, which is not installed", "pip install 'aibasic-kernel[redis]'") in problems(told)
    assert any("aibasic-kernel[" in each["cure"] and "rabbitmq" in each["cure"] for each in told)


@pytest.mark.parametrize("disabled", ['["aibasic-labextension:plugin", "another"]', '{"aibasic-labextension": true}'])
def test_an_extension_that_jupyterlab_was_told_to_leave_out_is_a_problem(
    disabled: str, found: Finder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, last = tmp_path / "first", tmp_path / "last"
    monkeypatch.setattr(jupyter, "jupyter_config_path", lambda: [str(first), str(last)])
    assert problems(found("", topic="Jupyter")) == []
    for folder, content in ((first, '{"disabledExtensions": {"another": true}}'), (last, disabled)):
        (folder / "labconfig").mkdir(parents=True)
        text = content if folder is first else f'{{"disabledExtensions": {content}}}'
        (folder / "labconfig" / "page_config.json").write_text(text, encoding="utf-8")
    ((text, cure),) = problems(found("", topic="Jupyter"))
    assert "is turned off, by" in text and str(last) in text and "another" not in cure
    assert cure.startswith("jupyter labextension enable aibasic-labextension")
    monkeypatch.setattr(jupyter, "jupyter_config_dir", lambda: str(last))
    assert "enable --level=user aibasic-labextension" in problems(found("", topic="Jupyter"))[0][1]
    enabled = '{"disabledExtensions": {"aibasic-labextension": false, "aibasic-labextension:plugin": false}}'
    (first / "labconfig" / "page_config.json").write_text(enabled, encoding="utf-8")
    assert problems(found("", topic="Jupyter")) == []


def test_a_folder_that_cannot_be_written_is_a_problem(
    found: Finder, aibasic: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        keeping, "os", SimpleNamespace(access=lambda path, mode: False, W_OK=2, X_OK=1, environ=os.environ)
    )
    ((text, cure),) = problems(found("", topic="this machine"))
    assert "cannot be written" in text and "AIBASIC_DATA_DIR" in cure
