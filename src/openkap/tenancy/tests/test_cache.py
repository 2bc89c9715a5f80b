"""H40: counts and marks that every worker of the site shares."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.db import connection

from openkap.tenancy.cache import DatabaseCache
from openkap.tenancy.models import CacheEntry


def _cache() -> DatabaseCache:
    """As another worker has it: an object of its own."""
    return DatabaseCache("", {})


@pytest.mark.django_db
def test_what_one_worker_keeps_another_finds() -> None:
    assert isinstance(caches[DEFAULT_CACHE_ALIAS], DatabaseCache)
    _cache().set("tries", [1.5, 2.5], 60)
    assert _cache().get("tries") == [1.5, 2.5]
    _cache().set("tries", [3.5], 60)
    assert _cache().get("tries") == [3.5]
    assert _cache().get("other", "none") == "none"
    assert _cache().get("tries", version=2) is None


@pytest.mark.django_db
def test_a_mark_is_there_once_until_it_is_over() -> None:
    assert _cache().add("used", "y", 0.3) is True
    assert _cache().add("used", "y", 60) is False
    time.sleep(0.4)
    assert _cache().get("used") is None
    assert _cache().delete("used") is False
    assert _cache().add("used", "y", 60) is True
    assert _cache().delete("used") is True
    assert _cache().add("used", "y", 0) is True
    assert _cache().get("used") is None


@pytest.mark.django_db
def test_what_is_over_is_removed_and_what_is_not_stays() -> None:
    """A count that a stranger could push out by counting others would be no limit."""
    for number in range(400):
        _cache().set(f"stranger-{number}", [], None if number % 2 else 600)
    for number in range(10):
        _cache().add(f"over-{number}", "y", 0)
    _cache().set("mine", "y")
    keys = set(CacheEntry.objects.values_list("key", flat=True))
    assert len(keys) == 401
    assert not any("over" in key for key in keys)


@pytest.mark.django_db
def test_a_value_may_be_kept_longer_or_all_removed() -> None:
    assert _cache().touch("used", 60) is False
    _cache().set("used", "y", 0.3)
    assert _cache().touch("used", 60) is True
    time.sleep(0.4)
    assert _cache().get("used") == "y"
    _cache().clear()
    assert _cache().get("used") is None


@pytest.mark.django_db
def test_nothing_that_could_run_is_kept() -> None:
    with pytest.raises(TypeError):
        _cache().set("object", object(), 60)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_at_once_one_is_told_so() -> None:
    def add(_: int) -> bool:
        try:
            return _cache().add("lock", "y", 60)
        finally:
            connection.close()

    for _ in range(5):
        _cache().delete("lock")
        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(add, range(8))) == [False] * 7 + [True]
    _cache().clear()
