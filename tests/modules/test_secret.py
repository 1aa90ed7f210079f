"""A Secret shows itself nowhere."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
from aibasic.modules.secret import Secret, known


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r:>30}".format, dir, lambda s: [s], lambda s: {"a": s}])
def test_no_text_of_it_holds_the_value(show: Callable[[Secret], object]) -> None:
    assert "hunter2" not in str(show(Secret("hunter2")))


def test_it_has_no_variables_and_is_not_pickled() -> None:
    secret = Secret("hunter2")
    with pytest.raises(TypeError):
        vars(secret)
    with pytest.raises(TypeError, match="a Secret is not pickled"):
        pickle.dumps(secret)


def test_it_is_revealed_on_purpose_only_and_remembered_for_displays() -> None:
    assert Secret("hunter3").reveal() == "hunter3"
    assert "hunter3" in known()
    assert Secret("a") == Secret("a") != Secret("b")
    assert not Secret("")
