"""The machine's policy: limits that nothing below can widen, and no request where nobody knows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from aibasic.modules import config

from aibasic_kernel.compiler.configuration import policy
from aibasic_kernel.compiler.configuration.policy import load_policy
from aibasic_kernel.compiler.configuration.settings import Settings, load_settings
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.compiler.providers.provider import Block, ProviderThread, Request
from aibasic_kernel.errors import ProviderError
from tests.messages_server import MessagesServer

Limit = Callable[[str], None]


@pytest.fixture
def limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Limit:
    """Writes the policy."""
    file = tmp_path / "policy.conf"
    monkeypatch.setattr(policy, "FILE", file)

    def write(text: str) -> None:
        file.write_text(text)

    return write


def settings(text: str, folder: Path, **environment: str) -> Settings:
    (folder / "aibasic.conf").write_text(text)
    return load_settings(config.load(folder / "aibasic.conf"), environment)


def test_without_a_file_nothing_is_limited(limit: Limit, tmp_path: Path) -> None:
    assert load_policy() == policy.Policy()
    assert settings("[aibasic]\nSHARE = sample:3\n", tmp_path).warnings == ()


def test_what_is_weaker_is_cut_down_wherever_it_was_said(limit: Limit, tmp_path: Path) -> None:
    limit("[policy]\nSHARE = types  # no columns\nCONFIRM = writes\nREADONLY = true\nBUDGET_USD_PER_DAY = 2\n")
    text = "[aibasic]\nSHARE = schema\n[postgres]\nCONFIRM = never\nSHARE = names\nREADONLY = false\n"
    found = settings(text, tmp_path, AIBASIC_CONFIRM="never", AIBASIC_BUDGET_USD_PER_DAY="3")
    assert (found.share, found.confirm, found.budget_usd_per_day) == ("types", "writes", 2.0)
    assert (found.share_for("postgres"), found.confirm_for("postgres")) == ("names", "writes")
    assert found.is_read_only("postgres")
    assert [text.partition(" limits ")[2] for text in found.warnings] == [
        "SHARE to types", "CONFIRM to writes", "BUDGET_USD_PER_DAY to 2.0"
    ]  # fmt: skip


def test_a_budget_is_reckoned_by_prices_no_lower_than_the_public_ones(limit: Limit, tmp_path: Path) -> None:
    text = "[aibasic]\nMODEL = claude-haiku-4-5\nPRICE_IN = 0\nPRICE_OUT = 9\n"
    found = settings(text, tmp_path)
    assert (found.price_in, found.price_out, found.warnings) == (0.0, 9.0, ())
    limit("[policy]\nBUDGET_USD_PER_DAY = 2\n")
    found = settings(text, tmp_path)
    assert (found.price_in, found.price_out) == (1.0, 9.0)
    assert found.warnings[-1] == f"{policy.FILE} limits PRICE_IN to 1.0"
    assert settings("[aibasic]\nMODEL = mine\nPRICE_IN = 0\nBUDGET_USD_PER_DAY = 1\n", tmp_path).price_in == 0.0


def test_what_is_stricter_stays(limit: Limit, tmp_path: Path) -> None:
    limit("[policy]\nSHARE = schema\nCONFIRM = destructive\nBUDGET_USD_PER_DAY = 2\n")
    found = settings("[aibasic]\nSHARE = names\nCONFIRM = always\nBUDGET_USD_PER_DAY = 1\n", tmp_path)
    assert (found.share, found.confirm, found.budget_usd_per_day, found.warnings) == ("names", "always", 1.0, ())


@pytest.mark.parametrize(
    ("provider", "url", "model", "refused"),
    [
        ("anthropic", "https://api.anthropic.com/v1/messages", "claude-haiku-5-5", ""),
        ("anthropic", "https://API.anthropic.com:443/v1/messages", "claude-haiku-9", ""),
        ("anthropic", "http://localhost:80/models/v1/messages", "mine", ""),
        ("other", "https://api.anthropic.com", "mine", "the provider other"),
        ("anthropic", "https://api.anthropic.com", "claude-opus", "the model claude-opus"),
        ("anthropic", "http://api.anthropic.com", "mine", "requests to api.anthropic.com"),
        ("anthropic", "https://api.anthropic.com.evil.com", "mine", "requests to api.anthropic.com.evil.com"),
        ("anthropic", "https://api.anthropic.com@evil.com", "mine", "requests to evil.com"),
        ("anthropic", "http://localhost:81/models", "mine", "requests to localhost"),
        ("anthropic", "http://localhost/modelsx", "mine", "requests to localhost"),
        ("anthropic", "http://localhost/models/../x", "mine", "requests to localhost"),
        ("anthropic", "http://localhost/models/%2e%2E/x", "mine", "requests to localhost"),
    ],
)
def test_who_may_be_asked(limit: Limit, provider: str, url: str, model: str, refused: str) -> None:
    limit(
        "[policy]\nPROVIDERS = anthropic\nMODELS = claude-haiku-*, mine\n"
        "BASE_URLS = https://api.anthropic.com http://localhost/models/\n"
    )
    if not refused:
        load_policy().check_request(provider, url, model)
        return
    with pytest.raises(ProviderError) as caught:
        load_policy().check_request(provider, url, model)
    assert caught.value.message == f"{policy.FILE} does not allow {refused}"
    assert caught.value.remedy.startswith("Allowed: ")


@pytest.mark.parametrize(
    "text",
    [
        "[policy]\nSHARE = all\n",
        "[policy]\nSHARE = ${SHARE}\n",
        "[policy]\nSHARE =\n",
        "[policy]\nMODELS =\n",
        "[policy]\nMODEL = mine\n",
        "[policies]\nMODELS = mine\n",
        "[policy]\nBASE_URLS = localhost\n",
        "[policy]\nREADONLY = 7\n",
        "SHARE = names\n",
        "[policy]\n\xff\n",
    ],
)
def test_of_what_nobody_understands_no_request_is_sent(limit: Limit, tmp_path: Path, text: str) -> None:
    policy.FILE.write_bytes(text.encode("latin-1"))
    with pytest.raises(ProviderError, match="so no request is sent"):
        load_policy().check_request("anthropic", "https://api.anthropic.com", "mine")
    assert len(settings("", tmp_path).warnings) == 1


def test_nor_where_the_file_cannot_be_read(limit: Limit) -> None:
    policy.FILE.mkdir()
    with pytest.raises(ProviderError, match=r"cannot be read \(Is a directory\), so no request is sent"):
        load_policy().check_request("anthropic", "https://api.anthropic.com", "mine")
    policy.FILE.rmdir()
    policy.FILE.symlink_to("gone")
    with pytest.raises(ProviderError, match="is a link to nothing, so no request is sent"):
        load_policy().check_request("anthropic", "https://api.anthropic.com", "mine")
    policy.FILE.unlink()
    load_policy().check_request("anthropic", "https://api.anthropic.com", "mine")


def sent(settings: Settings, model: str) -> None:
    thread = ProviderThread(settings, Redactor())
    try:
        thread.submit(Request((Block("rules"),), "a sentence", model, 10)).result(30)
    finally:
        thread.close()


def test_no_request_leaves_that_the_policy_forbids(limit: Limit, monkeypatch: pytest.MonkeyPatch) -> None:
    with MessagesServer() as server:
        server.compile("x = 1")
        mine = Settings(base_url=server.url)
        limit(f"[policy]\nBASE_URLS = {server.url}\nMODELS = allowed\n")
        sent(mine, "allowed")
        with pytest.raises(ProviderError, match="does not allow the model other"):
            sent(mine, "other")
        # The client looks at what really leaves, whoever made the request.
        monkeypatch.setattr("aibasic_kernel.compiler.providers.provider.load_policy", policy.Policy)
        with pytest.raises(ProviderError, match="does not allow the model other"):
            sent(mine, "other")
        assert len(server.requests) == 1
