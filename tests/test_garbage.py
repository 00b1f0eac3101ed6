"""When nobody looks for garbage."""

from __future__ import annotations

import gc

import pytest

from search.garbage import uncollected


@pytest.fixture(autouse=True)
def enabled():
    yield
    gc.enable()


def test_it_is_looked_for_again_afterwards_even_where_something_fails():
    seen = []

    def fail():
        seen.append(gc.isenabled())
        raise KeyError

    with pytest.raises(KeyError), uncollected():
        fail()
    assert seen == [False]
    assert gc.isenabled()


def test_who_looks_for_none_is_left_alone():
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()


def test_one_inside_another_does_not_end_it():
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
