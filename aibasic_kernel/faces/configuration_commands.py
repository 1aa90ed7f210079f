"""`aibasic trust aibasic.conf`: what a configuration asks for, in words, and whether it may have it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from aibasic.modules import config
from aibasic.modules.config import Layer
from aibasic.modules.config_syntax import holds_secret, unquoted

from aibasic_kernel.compiler.configuration.demands import Demand
from aibasic_kernel.compiler.configuration.rules import ConfigurationRules
from aibasic_kernel.compiler.privacy.visible import visible
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces import terminal
from aibasic_kernel.session.asking import is_yes


def trust_configuration(file: Path) -> bool:
    """Show what `file` asks for and ask; only an answer typed by a person trusts it. Whether it is trusted now."""
    rules = ConfigurationRules(os.environ)
    layers = config.load_as_written(file.absolute()).layers
    layer, own = layers[-1], rules.own(layers)
    if layer is own:
        print(f"{file}: your own file needs no trust")
        return True
    asked = rules.untrusted(layer, own)
    if not asked:
        print(f"{file}: nothing new, it asks for nothing that is not trusted already")
        return True
    for section, found in asked.items():
        print("\n".join(_shown(section, layer, found)))
    answer = terminal.ask(f"\nTrust {file} as it is now? [y/N] ")
    if answer is None:
        raise AIBasicError(f"{file} is not trusted, and nobody can be asked here", "run it in a terminal")
    agreed = is_yes(answer)
    if agreed:
        rules.trust(layer)
        if rules.problem:
            terminal.tell(rules.problem)
    print(f"{file}: {'trusted' if agreed else 'nothing was trusted'}")
    return agreed


def _shown(section: str, file: Layer, asked: Sequence[Demand]) -> list[str]:
    """What a section asks for, and what else it says: a password that it reads goes where its HOST is."""
    demanded = {demand.key for demand in asked}
    others = _plain({key: text for key, text in file.sections[section].items() if key not in demanded})
    lines = [f"\n[{visible(section)}]", *(f"  {demand}" for demand in asked)]
    return [*lines, f"  with {', '.join(others)}"] if others else lines


def _plain(keys: Mapping[str, str]) -> list[str]:
    """KEYS with their values but for those that hold a secret."""
    return [
        visible(f"{key} = ***" if holds_secret(key, unquoted(text)) else f"{key} = {unquoted(text)}")
        for key, text in keys.items()
        if text
    ]
