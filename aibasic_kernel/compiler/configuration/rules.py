"""What counts of the configuration files: what the user trusts of them, what is set for this session, the policy."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from aibasic.modules.config import Layer, Refusal, read_layer, user_file
from aibasic.modules.config_syntax import Section

from aibasic_kernel.compiler.configuration.demands import Demand, demands, digest_of
from aibasic_kernel.compiler.configuration.policy import load_policy
from aibasic_kernel.compiler.configuration.setting_values import DESTINATIONS, PRICES, PROTECTIVE
from aibasic_kernel.compiler.configuration.settings import SECTION
from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.privacy.visible import visible

_KEPT = (
    "ANTHROPIC_BASE_URL",
    *(f"AIBASIC_{key}" for key in (*PROTECTIVE, *DESTINATIONS, *PRICES, "LOG")),
)
"""Variables that count as they were when the session began."""


class ConfigurationRules:
    """The overseer of the files that one session reads. The user's own file is taken at its word."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._now = environment
        self._at_start = {name: environment.get(name) for name in _KEPT}
        self._own_path = user_file().resolve()
        self._signatures = Signatures(data_folder(environment))
        self._trusted: set[tuple[Path, str, str]] = set()
        """Files over the user's own one that ask for nothing which is not trusted: trust is not taken back."""
        self.set_here: dict[str, dict[str, str]] = {}
        """What was set for this session alone: section -> KEY -> value, over what the files say."""

    def __call__(self, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
        own = self.own(layers)
        if own is None and self._own_path.is_file():  # HOME or the like is another one now: the user is not
            own = read_layer(self._own_path)
            layers = (own, *layers)
        judged = tuple(file if file is own else self._as_trusted(file, own) for file in layers)
        return (*judged, self._over(judged))

    @property
    def environment(self) -> dict[str, str]:
        """The environment as it is; what protects the user in it or says where requests go, as the session found it.

        A cell runs in the same process: what it puts there has not been said by the user.
        """
        others = {name: value for name, value in self._now.items() if name not in self._at_start}
        return others | {name: value for name, value in self._at_start.items() if value is not None}

    def own(self, layers: tuple[Layer, ...]) -> Layer | None:
        """The user's own file among those that were read: the one in the place that it had when the session began."""
        return next((layer for layer in layers if layer.path == self._own_path), None)

    def untrusted(self, file: Layer, own: Layer | None) -> dict[str, tuple[Demand, ...]]:
        """What sections of `file` ask for that this user has not trusted."""
        asked = demands(file, own, self.environment)
        return {name: found for name, found in asked.items() if not self._signatures.is_signed(digest_of(name, file))}

    def trust(self, file: Layer) -> None:
        """Agree to all that the file says now."""
        self._signatures.sign(digest_of(section, file) for section in file.sections)

    @property
    def problem(self) -> str:
        """Why trust cannot be kept, "" while it can."""
        return self._signatures.problem

    def _as_trusted(self, file: Layer, own: Layer | None) -> Layer:
        """The file without what it may not say before it is trusted."""
        seen = (file.path, file.digest, own.digest if own is not None else "")
        if seen in self._trusted:
            return file
        asked = self.untrusted(file, own)
        if not asked:
            self._trusted.add(seen)
            return file
        sections = {name: _without(section, asked.get(name, ())) for name, section in file.sections.items()}
        refused = {name: refusal for name, found in asked.items() if (refusal := _refusal(file.path, name, found))}
        notes = [
            f"{file.path} is not trusted, so your own {demand.key} counts: [{visible(name)}] {demand.words}; "
            f"to let it: aibasic trust {file.path}"
            for name, found in asked.items()
            for demand in found
            if demand.drop
        ]
        digest = _digest(file.digest, *sorted(asked))
        return replace(file, sections=sections, refused=refused, notes=tuple(notes), digest=digest)

    def _over(self, layers: tuple[Layer, ...]) -> Layer:
        """What counts more than any file."""
        over = {}
        said = (name for layer in reversed(layers) for name in layer.sections)
        for name in dict.fromkeys((*said, *({SECTION} & self.set_here.keys()))):  # in the order of the files
            keys = Section(self.set_here.get(name, {}))
            if name != SECTION and load_policy().read_only:
                keys["READONLY"] = "true"
            over[name] = keys
        content = (f"{name} {key} {text}" for name, keys in sorted(over.items()) for key, text in sorted(keys.items()))
        return Layer(Path("SET"), over, _digest(*content), notes=tuple(self._changed_variables()))

    def _changed_variables(self) -> Iterator[str]:
        for name, value in self._at_start.items():
            if self._now.get(name) != value:
                yield f"{name} was changed after the session began, and counts from the next one on: use SET"


def _without(section: Section, asked: tuple[Demand, ...]) -> Section:
    dropped = {demand.key for demand in asked if demand.drop}
    return Section((key, text) for key, text in section.items() if key not in dropped)


def _refusal(file: Path, section: str, asked: tuple[Demand, ...]) -> Refusal | None:
    held = [demand for demand in asked if not demand.drop]
    if not held:
        return None
    words = "; ".join(map(str, held))
    reason = f"{file} is not trusted, and its [{visible(section)}] {words}\nread it, then: aibasic trust {file}"
    return Refusal(frozenset(demand.key for demand in held), reason)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
