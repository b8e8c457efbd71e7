"""The trained model: which files it depends on, whether it is up to date, and training it.

The fingerprint is over the contents, not the dates, of everything that the model is made from. It
is part of the model's file name, so a model never passes for that of other data.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SOURCES = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "bot/**/*.py",
    "bot/lexicon/*.yml",
    "hbv_engine/rulebook/facts.yml",
)


def fingerprint() -> str:
    """Return the hash of all that the model is trained from."""
    digest = hashlib.sha256(version("rasa").encode())
    for path in sorted({p for pattern in _SOURCES for p in ROOT.glob(pattern) if p.is_file()}):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_path() -> Path:
    """Return where the model of the present sources is, or would be."""
    folder = Path(os.environ.get("HBV_MODELS", ROOT / "models"))
    return folder / f"hbv-{fingerprint()}.tar.gz"


def ensure_model() -> Path:
    """Train the model unless there is one of exactly these sources, and return its path.

    Raises:
        RuntimeError: the training failed; the message ends with what Rasa said.
    """
    path = model_path()
    if path.exists():
        return path
    print("Training the model (about 20 seconds) …", file=sys.stderr, flush=True)  # noqa: T201
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = f"draft-{os.getpid()}"
    command = [
        sys.executable,
        "-m",
        "rasa",
        "train",
        "--fixed-model-name",
        draft,
        "--out",
        str(path.parent),
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=quiet(), capture_output=True, text=True, check=False
    )
    trained = path.parent / f"{draft}.tar.gz"
    if done.returncode or not trained.exists():
        raise RuntimeError(f"The training failed.\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    trained.replace(path)
    return path


def quiet() -> dict[str, str]:
    """Return the environment for Rasa: no telemetry, no chatter of its old dependencies."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
    }


def main() -> None:
    """Train if needed and print the path of the model."""
    print(ensure_model())  # noqa: T201


if __name__ == "__main__":
    main()
