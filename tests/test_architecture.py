"""Who may know whom: the contracts of pyproject.toml hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_import_is_allowed() -> None:
    """A new import across packages must be thought about, not happen."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_engine_imports_no_third_party_package_but_those_it_needs() -> None:
    """The engine starts fast and runs where Rasa cannot."""
    code = "import hbv_engine, sys; print(*sorted({n.split('.')[0] for n in sys.modules}))"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    loaded = set(done.stdout.split())
    assert not loaded & {"rasa", "rasa_sdk", "tensorflow", "spacy", "sqlite3", "polars"}
