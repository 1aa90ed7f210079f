"""Secrets are hidden in every form that programs give them; ordinary words only where a credential stands."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from aibasic.modules.secret import Secret
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aibasic_kernel.compiler.privacy.redaction import Redactor

SECRET = "p@ss/wörd +'\"%#\\9"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        repr(SECRET),
        repr(SECRET.encode()),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
    ],
)
def test_every_form(form: str) -> None:
    redactor = Redactor([SECRET])
    assert redactor.find(f"x {form} y")
    cleaned = redactor.clean(f"x {form} y")
    assert form not in cleaned
    assert "***" in cleaned
    assert cleaned.startswith("x ") and cleaned.endswith(" y")


@pytest.mark.parametrize("secret", ['OKfg\\x4rpu"Mw"w\'eCgO', "a\"b'c\"d'e\"f'", "é\"ü'ß\"ñ'ö"])
def test_as_an_xml_writer_escapes_it(secret: str) -> None:
    written = secret.replace('"', "&quot;")
    assert Redactor([secret]).clean(f"<text>{written}</text>") == "<text>***</text>"
    assert Redactor([secret]).may_hold(json.dumps({"image/svg+xml": written}).encode())


@settings(deadline=None)
@given(st.text(min_size=8), st.binary(max_size=9), st.binary(max_size=9))
def test_base64_is_seen_wherever_the_secret_begins(secret: str, before: bytes, after: bytes) -> None:
    assume(len(secret.strip()) >= 8 and all(not 0xD800 <= ord(character) < 0xE000 for character in secret))
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    assert Redactor([secret]).find(encoded) or secret.isalpha()


@pytest.mark.parametrize(
    "text",
    ["query all guests where name = 'guest'", "query all customers from postgres", "the postgres port", "guest: Bob"],
)
def test_a_plain_word_may_be_said(text: str) -> None:
    redactor = Redactor(["guest", "postgres"])
    assert redactor.clean(text) == text
    assert not redactor.find(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("PASSWORD = guest", "PASSWORD = ***"),
        ('{"password": "guest"}', '{"password": "***"}'),
        ("amqp://guest:guest@localhost", "amqp://guest:***@localhost"),
        ("user=guest password=guest host=x", "user=guest password=*** host=x"),
        ("CREATE USER x IDENTIFIED BY 'guest'", "CREATE USER x IDENTIFIED BY '***'"),
        ("password=guests", "password=guests"),
    ],
)
def test_a_plain_word_as_a_credential(text: str, cleaned: str) -> None:
    assert Redactor(["guest"]).clean(text) == cleaned


def test_a_value_that_is_also_an_ordinary_setting_counts_as_a_plain_word() -> None:
    redactor = Redactor(["warehouse_2024"], ordinary=["warehouse_2024"])
    assert not redactor.find("tables of warehouse_2024")
    assert redactor.find("password: warehouse_2024")


def test_without_secrets_nothing_changes() -> None:
    assert Redactor().clean("password=x") == "password=x"
    assert not Redactor([""]).find("anything")


@settings(deadline=None)
@given(st.text(), st.lists(st.text(min_size=8), max_size=3))
def test_what_was_cleaned_is_clean(text: str, secrets: list[str]) -> None:
    assume(all("*" not in secret for secret in secrets))
    redactor = Redactor(secrets)
    assert not redactor.find(redactor.clean(" ".join([text, *secrets])))


def test_a_secret_that_comes_to_be_held_later_is_hidden_too() -> None:
    redactor = Redactor()
    assert not redactor.find("made-up-afterwards-1")
    Secret("made-up-afterwards-1")
    assert redactor.clean("it is made-up-afterwards-1.") == "it is ***."
