"""The keys of `[aibasic]`: from the file, under the environment; what is wrong names key, value and what is allowed."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from aibasic.modules import config
from aibasic.modules.secret import Secret

from aibasic_kernel.compiler.configuration.setting_values import READERS
from aibasic_kernel.compiler.configuration.settings import Settings, load_settings
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.errors import AIBasicError


def read(folder: Path, text: str, **environment: str) -> Settings:
    path = folder / "aibasic.conf"
    path.write_text(text)
    return load_settings(config.load(path), environment)


def test_defaults(tmp_path: Path) -> None:
    settings = read(tmp_path, "[postgres]\nHOST = embedded\n")
    assert settings == Settings()
    assert (settings.model, settings.timeout, settings.share) == ("claude-haiku-5-5", 60, "schema")


def test_the_file(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "[aibasic]\nMODEL = mine\nmax_tokens = 2_000\nTIMEOUT = 1.5  # seconds\nFROZEN = yes\nPHRASES = Only\n"
        "SHARE = names\nFEATURES = thinking, caching\nPRICE_IN = 0\nLOCK = off\nAPI_KEY = a%b#c\nBUDGET_USD = 2\n",
    )
    assert settings == Settings(
        model="mine",
        max_tokens=2000,
        timeout=1.5,
        frozen=True,
        phrases="only",
        share="names",
        features=frozenset({"thinking", "caching"}),
        price_in=0.0,
        lock="off",
        api_key=Secret("a%b#c"),
        budget_usd=2.0,
    )


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "[aibasic]\nMODEL = file\nFROZEN = false\n",
        AIBASIC_MODEL="environment",
        AIBASIC_FROZEN="1",
        AIBASIC_CONFIG_DIR="/none",
    )
    assert (settings.model, settings.frozen, settings.warnings) == ("environment", True, ())


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "[aibasic]\nMODEL = file\nSHOW =\n", AIBASIC_MODEL="").model == "file"


@pytest.mark.parametrize(
    ("environment", "key"),
    [
        ({}, "in-the-file-1"),
        ({"ANTHROPIC_AUTH_TOKEN": "token-00"}, "token-00"),
        ({"ANTHROPIC_AUTH_TOKEN": "token-00", "ANTHROPIC_API_KEY": "key-0000"}, "key-0000"),
        ({"ANTHROPIC_API_KEY": "key-0000", "AIBASIC_API_KEY": "own-0000"}, "own-0000"),
    ],
)
def test_where_the_key_comes_from(tmp_path: Path, environment: dict[str, str], key: str) -> None:
    settings = read(tmp_path, "[aibasic]\nAPI_KEY = in-the-file-1\n", **environment)
    assert settings.api_key == Secret(key)
    assert key not in repr(settings)


@pytest.mark.parametrize("login", ["someone:pa%2Fss-41", "token-41-pa%2Fss"])
def test_who_logs_in_at_the_base_url_is_a_secret(login: str, tmp_path: Path) -> None:
    settings = read(tmp_path, "", AIBASIC_BASE_URL=f"https://{login}@models.example")
    written = login.removeprefix("someone:")
    assert written not in repr(settings)
    said = f"{settings.base_url} {written.replace('%2F', '/')} {b64encode(login.encode()).decode()}"
    assert Redactor().clean(said).count("***") == 3
    (tmp_path / "aibasic.conf").write_text(f"[aibasic]\nBASE_URL = https://{login}@models.example\n")
    assert written in config.load(tmp_path / "aibasic.conf").secrets()


def test_the_base_url(tmp_path: Path) -> None:
    assert read(tmp_path, "", ANTHROPIC_BASE_URL="http://localhost:1").base_url == "http://localhost:1"
    environment = {"ANTHROPIC_BASE_URL": "http://localhost:1", "AIBASIC_BASE_URL": "http://localhost:2"}
    assert read(tmp_path, "", **environment).base_url == "http://localhost:2"


@pytest.mark.parametrize(
    ("environment", "there_is_one"),
    [
        ({}, False),
        ({"ANTHROPIC_API_KEY": "key-0000"}, True),
        ({"ANTHROPIC_BASE_URL": "http://127.0.0.1:8080"}, True),
        ({"ANTHROPIC_BASE_URL": "https://api.anthropic.com"}, False),
        ({"ANTHROPIC_BASE_URL": "https://notanthropic.com"}, True),
        ({"AIBASIC_PROVIDER": "other"}, True),
    ],
)
def test_whether_there_is_anybody_to_ask(tmp_path: Path, environment: dict[str, str], there_is_one: bool) -> None:
    assert read(tmp_path, "", **environment).has_provider is there_is_one


@pytest.mark.parametrize(
    ("line", "message", "remedy"),
    [
        ("PHRASES = sometimes", "PHRASES in [aibasic] is 'sometimes'.", "first, only, off"),
        ("FROZEN = perhaps", "FROZEN in [aibasic] is 'perhaps'.", "true, false"),
        ("SHARE = all", "SHARE in [aibasic] is 'all'.", "names, types, schema"),
        ("MAX_TOKENS = many", "MAX_TOKENS in [aibasic] is 'many'.", "a whole number from 1"),
        ("PARALLEL = 0", "PARALLEL in [aibasic] is '0'.", "a whole number from 1"),
        ("TIMEOUT = 0", "TIMEOUT in [aibasic] is '0'.", "a number above 0"),
        ("TIMEOUT = inf", "TIMEOUT in [aibasic] is 'inf'.", "a number above 0"),
        ("PRICE_IN = nan", "PRICE_IN in [aibasic] is 'nan'.", "a number from 0"),
        ("FEATURES = magic", "FEATURES in [aibasic] is 'magic'.", "thinking, caching"),
        ("FROZEN = ${NOT_THERE_AT_ALL}", "NOT_THERE_AT_ALL", "Set it"),
    ],
)
def test_a_wrong_value(tmp_path: Path, line: str, message: str, remedy: str) -> None:
    with pytest.raises(AIBasicError) as caught:
        read(tmp_path, f"[aibasic]\n{line}\n")
    assert message in caught.value.message
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("url", ["my.host:11434", "ftp://x", "http:///x", "http://h:99999", "http://u:pw-0001@[x"])
def test_a_wrong_address_is_told_without_showing_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(AIBasicError, match=r"^AIBASIC_BASE_URL is no web address") as caught:
        read(tmp_path, "", AIBASIC_BASE_URL=url)
    assert url not in str(caught.value)


def test_an_unknown_key_is_one_warning_with_the_nearest(tmp_path: Path) -> None:
    assert read(tmp_path, "[aibasic]\nMODLE = x\nZZZZ = 1\n").warnings == (
        "[aibasic] has no key MODLE; did you mean MODEL?",
        "[aibasic] has no key ZZZZ.",
    )


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("CONFRIM", "Write CONFIRM."),
        ("SHARES", "Write SHARE."),
        ("BUDGET_USD_A_DAY", "Write BUDGET_USD_PER_DAY."),
        ("READONLY", "Write READONLY into the section of the service"),
        ("PRODUCTON", "Write PRODUCTION into the section of the service"),
    ],
)
def test_a_misspelt_key_that_was_to_protect_is_an_error(tmp_path: Path, key: str, remedy: str) -> None:
    with pytest.raises(AIBasicError) as caught:
        read(tmp_path, f"[aibasic]\n{key} = true\n")
    assert f"[aibasic] has no key {key}, " in caught.value.message and remedy in caught.value.remedy


def test_a_section_may_share_less(tmp_path: Path) -> None:
    text = "[aibasic]\nSHARE = types\n[postgres]\nSHARE = names\n[postgres:open]\nSHARE = schema\n"
    settings = read(tmp_path, text)
    assert [settings.shares(what) for what in ("names", "types", "schema")] == [True, True, False]
    assert not settings.shares("types", "postgres")
    assert settings.shares("schema", "postgres:open")


def test_a_section_may_ask_about_more_or_less(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        "[aibasic]\nCONFIRM = writes\n[postgres]\nCONFIRM = never\n[redis]\nPRODUCTION = true\nREADONLY = yes\n"
        "[mysql]\nCONFIRM = never\nPRODUCTION = true\n[kafka]\nCONFIRM = always\nPRODUCTION = true\n",
    )
    asked = {section: settings.confirm_for(section) for section in ("postgres", "redis", "mysql", "kafka", "other")}
    assert asked == {
        "postgres": "never", "redis": "writes", "mysql": "writes", "kafka": "always", "other": "writes"
    }  # fmt: skip
    assert settings.is_read_only("redis") and not settings.is_read_only("mysql")
    assert settings.is_production("mysql") and not settings.is_production("postgres")


@pytest.mark.parametrize("line", ["CONFIRM = perhaps", "PRODUCTION = 7", "SHARE = sample:0", "READONLY = ${NOT_THERE}"])
def test_a_wrong_value_in_a_section_concerns_its_service_alone(tmp_path: Path, line: str) -> None:
    settings = read(tmp_path, f"[redis]\n{line}\n[kafka]\nSHARE = types\n")
    settings.check("kafka")
    with pytest.raises(AIBasicError, match=r"\[redis\]"):
        settings.check("redis")


def test_of_a_wrong_value_in_a_section_the_strictest_counts(tmp_path: Path) -> None:
    settings = read(tmp_path, "[redis]\nCONFIRM = x\nSHARE = x\nPRODUCTION = x\nREADONLY = x\n")
    assert (settings.confirm_for("redis"), settings.share_for("redis")) == ("always", "names")
    assert settings.is_production("redis") and settings.is_read_only("redis")


def test_a_sample_lets_out_more_than_categories(tmp_path: Path) -> None:
    settings = read(tmp_path, "[aibasic]\nSHARE = Sample:20\n[redis]\nSHARE = categories\n")
    assert (settings.share, settings.shares("sample"), settings.shares("sample", "redis")) == ("sample:20", True, False)


def test_a_section_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    settings = read(tmp_path, "[aibasic]\nMODEL = x\n[postgres]\nPASSWORD = ${NOT_THERE_AT_ALL}\n")
    assert settings.model == "x"


@pytest.mark.parametrize("key", ["API_KEY", "BASE_URL", "MODEL", "MODEL_REPAIR"])
def test_what_only_a_provider_needs_may_be_missing_until_one_is_needed(tmp_path: Path, key: str) -> None:
    settings = read(tmp_path, f"[aibasic]\nPHRASES = only\n{key} = ${{NOT_THERE_AT_ALL}}\n")
    assert settings.missing == f"[aibasic] {key} is ${{NOT_THERE_AT_ALL}}, but the environment has no NOT_THERE_AT_ALL"
    assert settings.has_provider
    assert settings.phrases == "only"


def test_what_the_environment_says_is_not_missing(tmp_path: Path) -> None:
    settings = read(tmp_path, "[aibasic]\nAPI_KEY = ${NOT_THERE_AT_ALL}\n", ANTHROPIC_API_KEY="key-0000")
    assert (settings.missing, settings.api_key) == ("", Secret("key-0000"))


def test_every_setting_can_be_read() -> None:
    made_here = {"sections", "faults", "missing", "mend", "warnings"}
    assert {key.lower() for key in READERS} == set(Settings.__dataclass_fields__) - made_here
