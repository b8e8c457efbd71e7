"""The real rulebook, read by the engine and by the naive reader."""

from __future__ import annotations

import pytest

from hbv_engine.book import Book, load_book
from tests.engine import naive


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="session")
def reader() -> naive.NaiveBook:
    return naive.read_folder()
