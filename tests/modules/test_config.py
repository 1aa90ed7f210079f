"""aibasic.conf: where it is found, what its lines mean, and what is said when it is wrong."""

from __future__ import annotations

import configparser
import os
import traceback
from pathlib import Path

import pytest
from aibasic.modules import config, settings
from aibasic.modules.config_syntax import parse
from aibasic.modules.secret import Secret
from aibasic.modules.settings import Setting
from hypothesis import given
from hypothesis import strategies as st

SECTION = "[postgres]\n"


def value_of(line: str) -> str:
    """The value that a line gives to PASSWORD."""
    return _configured(parse((SECTION + line).encode(), "x"))["PASSWORD"]


def _configured(sections: object) -> dict[str, str]:
    layer = config.Layer(Path("x"), sections, "")  # type: ignore[arg-type]
    return dict(config.Configuration((layer,), None).section("postgres"))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("PASSWORD = secret", "secret"),
        ("password = secret", "secret"),
        ("PASSWORD=secret", "secret"),
        ("PASSWORD: secret", "secret"),
        ("PASSWORD = secret  # the comment", "secret"),
        ("PASSWORD = se#cret", "se#cret"),
        ("PASSWORD =#secret", "#secret"),
        ("PASSWORD =  # nothing yet", ""),
        ("PASSWORD = 100%s%(here)s%", "100%s%(here)s%"),
        ("PASSWORD = a;b ; c", "a;b ; c"),
        ('PASSWORD = "a # b"', "a # b"),
        ('PASSWORD = "a # b"  # comment', "a # b"),
        ("PASSWORD = ' blanks '", " blanks "),
        ('PASSWORD = "a"b"', 'a"b'),
        ('PASSWORD = "a"b', '"a"b'),
        ("PASSWORD = '${HOME}'", "${HOME}"),
        ("PASSWORD = x${HOME}", "x${HOME}"),
        ("PASSWORD = a=b:c", "a=b:c"),
        ("   PASSWORD = indented", "indented"),
    ],
)
def test_what_a_line_means(line: str, value: str) -> None:
    assert value_of(line) == value


def test_the_guides_own_comments_are_comments() -> None:
    text = (
        b"[kafka]\nSECURITY_PROTOCOL = PLAINTEXT  # PLAINTEXT, SASL_PLAINTEXT, ...\nSSL_VERIFY = true  # Set to false\n"
    )
    assert parse(text, "x")["kafka"] == {"SECURITY_PROTOCOL": "PLAINTEXT", "SSL_VERIFY": "true"}


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_any_password_survives_in_quotes(password: str) -> None:
    assert value_of(f'PASSWORD = "{password}"') == password
    assert value_of(f'PASSWORD = "{password}"  # comment') == password


@given(st.binary())
def test_no_content_raises_anything_but_an_error_that_names_the_line(content: bytes) -> None:
    try:
        parse(content, "aibasic.conf")
    except ValueError as error:
        assert str(error).startswith("aibasic.conf, line ")


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z][A-Z_]{0,8}", fullmatch=True), st.from_regex(r"[a-z0-9/:.=-]{0,12}", fullmatch=True)
    )
)
def test_plain_files_mean_what_configparser_reads(values: dict[str, str]) -> None:
    text = SECTION + "".join(f"{key} = {value}\n" for key, value in values.items())
    plain = configparser.ConfigParser(interpolation=None)
    plain.read_string(text)
    assert _configured(parse(text.encode(), "x")) == {k.upper(): v for k, v in plain["postgres"].items()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"PASSWORD = hunter2\n", "line 1: a line before the first [section]"),
        (b"[postgres]\nhunter2\n", "line 2: neither [section] nor KEY = value nor # comment"),
        (b"[postgres]\nPASSWORD = hunter2\nPASSWORD = hunter2\n", "line 3: PASSWORD is set twice in [postgres]"),
        (b"[postgres]\n\n[postgres]\n", "line 3: section [postgres] is there twice"),
        (b"[postgres]\nPASSWORD = hunter2\xff\n", "line 2: not UTF-8 text"),
    ],
)
def test_an_error_names_the_line_and_never_shows_it(text: bytes, message: str) -> None:
    with pytest.raises(ValueError, match="line") as caught:
        parse(text, "aibasic.conf")
    assert str(caught.value) == f"aibasic.conf, {message}"
    assert "hunter2" not in "".join(traceback.format_exception(caught.value, chain=True)).replace(
        "PASSWORD = hunter2", ""
    )
    assert caught.value.__context__ is None


def test_the_file_is_found_in_the_nearest_folder_up_to_the_home_folder(
    clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = clean_environment
    below = home / "project" / "notebooks"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert config.find() is None
    (home.parent / "aibasic.conf").write_text("[above]\n")
    try:
        assert config.find() is None
    finally:
        (home.parent / "aibasic.conf").unlink()
    (home / "aibasic.conf").write_text("[home]\n")
    assert config.sections() == ("home",)
    (home / "project" / "aibasic.conf").write_text("[project]\n")
    assert config.sections() == ("project",)
    assert config.sections(home / "aibasic.conf") == ("home",)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_the_search_ends_before_a_folder_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "aibasic.conf").write_text("[foreign]\n")
    (tmp_path / "mine").mkdir()
    os.chown(tmp_path, 65534, 65534)
    monkeypatch.chdir(tmp_path / "mine")
    assert config.find() is None


@pytest.mark.parametrize("variable", ["AIBASIC_CONFIG_DIR", "XDG_CONFIG_HOME", None])
def test_the_users_own_file_lies_under_it_key_by_key(
    variable: str | None, tmp_path: Path, clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    folder = clean_environment / ".config" / "aibasic"
    if variable:
        folder = tmp_path / "own" / ("aibasic" if variable.startswith("XDG") else "")
        monkeypatch.setenv(variable, str(tmp_path / "own"))
    folder.mkdir(parents=True)
    (folder / "aibasic.conf").write_text("[postgres]\nHOST = own\nUSER = me\n[redis]\nHOST = r\n")
    monkeypatch.chdir(clean_environment)
    (clean_environment / "aibasic.conf").write_text("[postgres]\nHOST = project\n")
    found = config.load()
    assert found.section("postgres") == {"HOST": "project", "USER": "me"}
    assert set(found.sections()) == {"postgres", "redis"}


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "aibasic.conf"
    file.write_text("[postgres]\nHOST = a\n")
    before = config.load(file)
    file.write_text("[postgres]\nHOST = bb\n")
    after = config.load(file)
    assert (before.section("postgres"), after.section("postgres")) == ({"HOST": "a"}, {"HOST": "bb"})
    assert before.fingerprint != after.fingerprint


def test_missing_things_say_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "aibasic.conf"
    file.write_text("[postgres]\nPASSWORD = ${NO_SUCH_VARIABLE}\n")
    with pytest.raises(KeyError, match=r"Missing \[redis\] section in aibasic.conf"):
        config.read_section("redis", file)
    with pytest.raises(KeyError, match=r"\[postgres\] PASSWORD is \$\{NO_SUCH_VARIABLE\}, but the environment has no"):
        config.read_section("postgres", file)


def test_sections_do_not_show_their_values() -> None:
    parsed = parse(b"[postgres]\nPASSWORD = hunter2\n", "x")
    assert repr(parsed["postgres"]) == "Section(PASSWORD)"
    assert "hunter2" not in repr(parsed)


def test_all_secrets_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_IN_ENVIRONMENT", "from outside")
    file = tmp_path / "aibasic.conf"
    file.write_text(
        "[aibasic]\nAPI_KEY = key-1\nMODEL = m\n[kafka]\nSASL_PASSWORD = pw-2\n"
        "[slack]\nTOKEN = ${TOKEN_IN_ENVIRONMENT}\n"
        "[postgres]\nURL = postgresql://me:pw-3@host/db\nPASSWORD_COMMAND = pass show x\nPASSWORD = ${GONE}\n"
    )
    assert config.load(file).secrets() == {"key-1", "pw-2", "from outside", "pw-3"}


def test_secrets_of_an_address_are_known_as_written_and_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "aibasic.conf"
    file.write_text(
        "[postgres]\nURL = postgresql://me:p%40ss-4@host/db\n"
        "[postgres:b]\nURL = postgresql://host/db?sslmode=require&password=pw-5%21&user=me\n"
        "[hook]\nADDRESS = https://host/in?api_key=key-6#top\n"
    )
    assert config.load(file).secrets() == {"p%40ss-4", "p@ss-4", "pw-5%21", "pw-5!", "key-6"}
    assert config.load(file).plain_values() == frozenset()


DECLARED = (
    Setting("PORT", int, 5432),
    Setting("PASSWORD", secret=True),
    Setting("MODE", choices=("on", "off")),
    Setting("CA", Path),
)


def read(**written: str) -> settings.Settings:
    return settings.read("postgres", written, DECLARED, "aibasic.conf")


def test_settings_are_typed_and_have_defaults() -> None:
    values = read(CA="~/ca.crt", MODE="ON", READONLY="yes", TIMEOUT="2.5")
    assert values["PORT"] == 5432
    assert values["CA"] == Path.home() / "ca.crt"
    assert values["MODE"] == "on"
    assert values["READONLY"] is True
    assert values["TIMEOUT"] == 2.5
    assert values["STATEMENT_TIMEOUT"] is None
    assert values.secret("PASSWORD") is None
    assert read(PORT="")["PORT"] == 5432


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"PORT": "many"}, r"\[postgres\] PORT = many: expected a whole number"),
        ({"TIMEOUT": "soon"}, r"\[postgres\] TIMEOUT = soon: expected a number"),
        ({"READONLY": "maybe"}, r"\[postgres\] READONLY = maybe: expected true or false"),
        ({"MODE": "half"}, r"\[postgres\] MODE = half: expected one of on, off"),
    ],
)
def test_a_wrong_value_names_section_key_value_and_what_was_expected(written: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(**written)


def test_a_required_key_without_a_value_is_a_key_error_that_says_what_to_add() -> None:
    for written in ({}, {"HOST": ""}):
        with pytest.raises(KeyError, match=r"\[redis\] has no HOST: add `HOST = \.\.\.` to aibasic\.conf"):
            settings.read("redis", written, (Setting("HOST", required=True),), "aibasic.conf")


def test_all_unknown_keys_are_one_warning_with_the_nearest_known_ones() -> None:
    with pytest.warns(UserWarning) as caught:
        read(PROT="1", ZZZ="2")
    assert [str(warning.message) for warning in caught] == [
        "aibasic.conf [postgres]: unknown key PROT (did you mean PORT?), unknown key ZZZ"
    ]


@pytest.mark.parametrize(
    ("key", "meant"),
    [("PRODUCTON", "PRODUCTION"), ("READONLEE", "READONLY"), ("READ_ONLY", "READONLY"), ("SSL_MODE", "SSLMODE")],
)
def test_a_misspelt_key_that_was_to_protect_is_an_error(key: str, meant: str) -> None:
    with pytest.raises(ValueError, match=rf"\[postgres\]: there is no key {key}, .* write {meant}$"):
        settings.read("postgres", {key: "true"}, (Setting("SSLMODE"), Setting("PORT", int)), "aibasic.conf")


def test_a_password_may_come_from_a_command() -> None:
    assert read(PASSWORD_COMMAND="printf 'pa ss\\n'")["PASSWORD"] == Secret("pa ss")
    assert read(PASSWORD_COMMAND="exit 3", PASSWORD="given")["PASSWORD"] == Secret("given")
    with pytest.raises(ValueError, match=r"\[postgres\] PASSWORD_COMMAND ended with status 3: exit 3"):
        read(PASSWORD_COMMAND="exit 3")
    with pytest.raises(ValueError, match=r"did not end within 0\.1 s"):
        read(PASSWORD_COMMAND="sleep 5", TIMEOUT="0.1")


def test_a_password_may_come_from_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    monkeypatch.setattr(
        keyring, "get_password", lambda service, name: {("aibasic", "shop"): "from keyring"}.get((service, name))
    )
    assert read(PASSWORD="keyring:shop")["PASSWORD"] == Secret("from keyring")
    with pytest.raises(KeyError, match="the keyring holds no 'other'"):
        read(PASSWORD="keyring:other")
