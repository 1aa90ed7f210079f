"""What an aibasic.conf in somebody's folder may say before it is trusted, and what it may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from aibasic.modules import config
from aibasic.modules.secret import Secret

from aibasic_kernel.compiler.configuration.rules import ConfigurationRules
from aibasic_kernel.compiler.configuration.settings import Settings, load_settings
from aibasic_kernel.errors import AIBasicError

Writer = Callable[[str, str], None]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Writes the folder's file and the user's own one; the working directory is the folder."""
    monkeypatch.setenv("AIBASIC_CONFIG_DIR", str(tmp_path / "own"))
    for folder in ("own", "project"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / "project")

    def write(project: str, own: str = "") -> None:
        Path("aibasic.conf").write_text(project)
        (tmp_path / "own" / "aibasic.conf").write_text(own)

    return write


def loaded(**environment: str) -> config.Configuration:
    config.oversee(ConfigurationRules(environment))
    return config.load()


def settings(**environment: str) -> Settings:
    return load_settings(loaded(**environment), environment)


def trust() -> None:
    layers = config.load_as_written().layers
    rules = ConfigurationRules({})
    assert layers[-1] is not rules.own(layers)
    rules.trust(layers[-1])


def test_literal_settings_of_services_work_untrusted(written: Writer) -> None:
    written("[postgres]\nHOST = db\nUSER = me\nPASSWORD = 'kept as it is'\nCONFIRM = always\nREADONLY = true\n")
    assert loaded().section("postgres") == {
        "HOST": "db", "USER": "me", "PASSWORD": "kept as it is", "CONFIRM": "always", "READONLY": "true"
    }  # fmt: skip
    assert settings().warnings == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("PASSWORD = ${HOME}", "reads HOME from your environment (PASSWORD)"),
        ("HOST = ${HOME}", "reads HOME from your environment (HOST)"),
        ("CONFIRM = ${HOME}", "reads HOME from your environment (CONFIRM)"),
        ("PASSWORD = keyring:mine", "reads mine from your keyring (PASSWORD)"),
        ("PASSWORD = 'keyring:mine'", "reads mine from your keyring (PASSWORD)"),
        ("PASSWORD_COMMAND = cat ~/.ssh/id", "runs the command cat ~/.ssh/id (PASSWORD_COMMAND)"),
    ],
)
def test_what_reads_a_secret_of_the_user_is_refused_until_trusted(written: Writer, line: str, words: str) -> None:
    written(f"[postgres]\nUSER = me\n{line}\n[redis]\nHOST = localhost\n")
    key = line.partition(" ")[0]
    with pytest.raises(PermissionError) as caught:
        loaded().section("postgres")
    file = Path("aibasic.conf").absolute()
    assert (
        str(caught.value) == f"{file} is not trusted, and its [postgres] {words}\nread it, then: aibasic trust {file}"
    )
    assert (loaded().value("postgres", "USER"), loaded().section("redis")) == ("me", {"HOST": "localhost"})
    trust()
    assert key in loaded().section("postgres")


@pytest.mark.parametrize("line", ["BASE_URL = http://u:pw-4141@evil", "API_KEY = abc", "PROVIDER = other"])
def test_where_requests_go_is_refused_until_a_model_is_needed(written: Writer, line: str) -> None:
    written(f"[aibasic]\n{line}\nMODEL = theirs\n")
    found = settings(ANTHROPIC_API_KEY="key-of-mine") if "API_KEY" not in line else settings()
    key = line.partition(" ")[0]
    assert f"({key})" in found.missing and "pw-4141" not in found.missing
    assert found.mend == f"read it, then: aibasic trust {Path('aibasic.conf').absolute()}"
    assert (found.base_url, found.provider, found.model) == ("", "anthropic", "theirs")
    trust()
    assert settings().missing == ""
    assert getattr(settings(), key.lower()) not in (None, "", "anthropic")


def test_what_the_users_own_environment_says_needs_no_trust(written: Writer) -> None:
    written("[aibasic]\nBASE_URL = http://evil\nSHARE = categories\n")
    found = settings(AIBASIC_BASE_URL="http://mine", AIBASIC_SHARE="sample:3")
    assert (found.missing, found.base_url, found.share) == ("", "http://mine", "sample:3")


@pytest.mark.parametrize(
    ("key", "theirs", "mine", "counts"),
    [
        ("SHARE", "categories", "", "schema"),
        ("SHARE", "types", "names", "names"),
        ("SHARE", "names", "", "names"),
        ("CONFIRM", "never", "", "destructive"),
        ("CONFIRM", "destructive", "writes", "writes"),
        ("CONFIRM", "always", "writes", "always"),
        ("FROZEN", "false", "true", True),
        ("FROZEN", "true", "", True),
        ("PHRASES", "first", "only", "only"),
        ("BUDGET_USD", "10", "5", 5.0),
        ("BUDGET_USD", "10", "", 10.0),
        ("BUDGET_USD_PER_DAY", "10", "5", 5.0),
        ("PRICE_IN", "0", "3", 3.0),
        ("LOG", "~/.bashrc", "mine.log", "mine.log"),
        ("LOG", "theirs.log", "", ""),
        ("LOCK", "own.lock, class.lock", "", "own.lock, class.lock"),
        ("LOCK", "own.lock, ../x.lock", "", ""),
        ("LOCK", "bin/.profile", "", ""),
    ],
)
def test_the_users_own_value_counts_where_theirs_is_weaker(
    written: Writer, key: str, theirs: str, mine: str, counts: object
) -> None:
    written(f"[aibasic]\n{key} = {theirs}\n", f"[aibasic]\n{key} = {mine}\n")
    found = settings()
    assert getattr(found, key.lower()) == counts
    kept = counts != load_settings(config.load_as_written(), {}).__getattribute__(key.lower())
    assert [key in text and "is not trusted, so your own" in text for text in found.warnings] == [True] * kept
    trust()
    assert settings() == load_settings(config.load_as_written(), {})


def test_a_section_is_compared_with_the_users_own_section_and_else_with_what_counts_everywhere(written: Writer) -> None:
    own = "[aibasic]\nCONFIRM = writes\n[postgres]\nREADONLY = true\nPRODUCTION = true\nSHARE = names\n"
    written(
        "[postgres]\nREADONLY = false\nPRODUCTION = false\nSHARE = types\nCONFIRM = always\n"
        "[redis]\nCONFIRM = destructive\nSHARE = schema\n",
        own,
    )
    found = settings()
    assert found.is_read_only("postgres") and found.is_production("postgres")
    assert (found.share_for("postgres"), found.confirm_for("postgres")) == ("names", "always")
    assert (found.share_for("redis"), found.confirm_for("redis")) == ("schema", "writes")
    assert len(found.warnings) == 4
    assert loaded().section("postgres")["READONLY"] == "true"


def test_the_users_password_does_not_go_where_their_file_says(written: Writer) -> None:
    own = "[postgres]\nHOST = db\nUSER = me\nPASSWORD = pw-4242-4242\n"
    written("[postgres]\nHOST = db\nTIMEOUT = 3\n", own)
    assert loaded().section("postgres")["TIMEOUT"] == "3"
    written("[postgres]\nHOST = evil\nPASSWORD = other-pw-41\n", own)
    with pytest.raises(PermissionError, match=r"uses HOST = evil together with PASSWORD of your own \[postgres\]") as e:
        loaded().section("postgres")
    assert "other-pw-41" not in str(e.value)
    trust()
    assert loaded().section("postgres")["HOST"] == "evil"


def test_nor_one_that_a_driver_would_find_by_itself(written: Writer, clean_environment: Path) -> None:
    (clean_environment / ".my.cnf").write_text("[client]\npassword = pw-4343-4343\n")
    there = "".join(f"[{section}]\nHOST = evil\n" for section in ("postgres", "redis", "mysql", "mysql:own"))
    written(f"{there}PASSWORD = theirs\n[mysql:here]\nHOST = localhost\n")
    with pytest.raises(PermissionError, match=r"\[mysql\] uses HOST = evil together with the password of ~/.my.cnf"):
        loaded().section("mysql")
    assert [loaded().value(name, "HOST") for name in ("postgres", "mysql:own", "redis")] == ["evil"] * 3
    assert loaded().value("mysql:here", "HOST") == "localhost"
    with pytest.raises(
        PermissionError, match=r"\[postgres\] uses HOST = evil together with the password of PGPASSWORD"
    ):
        loaded(PGPASSWORD="pw-4444-4444").section("postgres")


@pytest.mark.parametrize("line", ["OTHER_PASSWORD = theirs", "DATABASE = a://b:theirs@c"])
def test_a_secret_that_no_driver_looks_at_stands_for_no_password(written: Writer, line: str) -> None:
    written(f"[postgres]\nHOST = evil\n{line}\n")
    with pytest.raises(PermissionError, match="uses HOST = evil together with the password of PGPASSWORD"):
        loaded(PGPASSWORD="pw-4545-4545").section("postgres")


def test_a_service_of_the_environment_lends_its_password_to_no_other_host(written: Writer) -> None:
    written("[postgres]\nHOST = evil\n")
    with pytest.raises(PermissionError, match="uses HOST = evil together with the password of PGSERVICE"):
        loaded(PGSERVICE="prod").section("postgres")


def test_nothing_that_a_file_says_acts_on_a_terminal(written: Writer) -> None:
    written("[re\x1b[2Jdis]\nK\x1b[2JY = evil\nPASSWORD = ${HOME}\n", "[re\x1b[2Jdis]\nPASSWORD = mine-mine\n")
    with pytest.raises(PermissionError) as caught:
        loaded().section("re\x1b[2Jdis")
    assert "\x1b" not in str(caught.value) and "[re\\x1b[2Jdis]" in str(caught.value)


def test_trust_is_of_a_sections_content(written: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = "[redis]\nHOST = a\nPASSWORD = ${HOME}\n"
    written(section)
    trust()
    written(f"# said anew\n{section}[postgres]\nHOST = b\n")
    assert loaded().section("redis")["HOST"] == "a"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "aibasic.conf").write_text(section)
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert loaded().section("redis")["HOST"] == "a"
    Path("aibasic.conf").write_text(section.replace("HOST = a", "HOST = b"))
    with pytest.raises(PermissionError):
        loaded().section("redis")


def test_a_command_is_trusted_in_its_folder_alone(
    written: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = "[redis]\nPASSWORD_COMMAND = ./password\n"
    written(section)
    trust()
    assert loaded().section("redis")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "aibasic.conf").write_text(section)
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        loaded().section("redis")


def test_the_users_own_file_is_taken_at_its_word(written: Writer, tmp_path: Path) -> None:
    own = "[aibasic]\nAPI_KEY = ${HOME}\nCONFIRM = never\n"
    written("", own)
    Path("aibasic.conf").unlink()
    Path("aibasic.conf").symlink_to(tmp_path / "own" / "aibasic.conf")
    found = settings()
    assert (found.missing, found.confirm, found.warnings) == ("", "never", ())
    assert isinstance(found.api_key, Secret)


@pytest.mark.parametrize("variable", ["AIBASIC_CONFIG_DIR", "HOME"])
def test_it_goes_on_counting_where_a_program_says_that_it_is_elsewhere(
    written: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    written("[redis]\nHOST = there\n", "[aibasic]\nCONFIRM = always\n[redis]\nREADONLY = true\n")
    if variable == "HOME":
        monkeypatch.delenv("AIBASIC_CONFIG_DIR")
        monkeypatch.delenv("XDG_CONFIG_HOME")
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / ".config").mkdir()
        (tmp_path / "own").rename(tmp_path / ".config" / "aibasic")
    rules = ConfigurationRules({})
    (tmp_path / "new" / ".config" / "aibasic").mkdir(parents=True)
    for folder in ("new", "new/.config/aibasic"):
        (tmp_path / folder / "aibasic.conf").write_text("[aibasic]\nCONFIRM = never\n[redis]\nREADONLY = false\n")
    monkeypatch.setenv(variable, str(tmp_path / "new"))
    config.oversee(rules)
    found = load_settings(config.load(), {})
    assert (found.confirm, found.is_read_only("redis")) == ("always", True)


def test_a_setting_of_the_engine_that_reads_the_environment_stops_sentences(written: Writer) -> None:
    written("[aibasic]\nLOCK = ${HOME}\n")
    with pytest.raises(AIBasicError, match="reads HOME from your environment") as caught:
        settings()
    assert caught.value.remedy.startswith("read it, then: aibasic trust ")


def test_without_an_engine_a_file_is_taken_at_its_word(written: Writer) -> None:
    written("[postgres]\nPASSWORD = ${HOME}\n")
    rules = ConfigurationRules({})
    config.oversee(rules)
    config.end_oversight(ConfigurationRules({}))
    with pytest.raises(PermissionError):
        config.load().section("postgres")
    config.end_oversight(rules)
    assert config.load().section("postgres")


def test_sections_keep_the_order_of_the_files(written: Writer) -> None:
    names = ["redis", "postgres", "mysql", "kafka", "postgres:b", "postgres:a", "rabbitmq", "opensearch"]
    written("".join(f"[{name}]\nHOST = h\n" for name in names), "[aibasic]\nSHOW = line\n[redis]\nPORT = 1\n")
    assert list(loaded().sections()) == [*names, "aibasic"]
