"""No secret leaves in any byte, whatever its shape and whatever a program does that meets it by chance.

`benchmarks/canaries.py` goes on with thousands.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.canaries.kernel_face import KernelFace
from tests.canaries.magic_face import MagicFace
from tests.canaries.session_face import SessionFace
from tests.canaries.trial import leaks


@pytest.mark.parametrize("seed", range(8))
def test_nothing_leaves_a_session(seed: int, tmp_path: Path) -> None:
    assert leaks(seed, 33, tmp_path, SessionFace) == []


def test_nothing_leaves_a_kernel(tmp_path: Path) -> None:
    assert leaks(100, 36, tmp_path, KernelFace) == []


def test_nothing_leaves_a_notebook_with_the_magic(tmp_path: Path) -> None:
    assert leaks(200, 36, tmp_path, MagicFace) == []


def test_without_the_redaction_nearly_all_is_found(tmp_path: Path) -> None:
    assert len(leaks(0, 30, tmp_path, SessionFace, redacted=False)) > 20
