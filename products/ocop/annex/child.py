"""Runs the reader in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from .refusals import TOO_SLOW, AnnexRefused
from .rows import Annex, AnnexRow

# Limits of the child process: address space, and seconds of processor time.
MEMORY_BYTES = 1_500_000_000
SECONDS = 60
PROJECT = Path(__file__).resolve().parents[3]


def read_in_child(content):
    """Return the Annex of a file, read in a child process with limited memory and time.

    Raises AnnexRefused as read() does, and if the limits are exceeded.
    """
    environment = {
        name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ
    }
    try:
        # Its working directory is the project, from which `-m` imports.
        child = subprocess.run(
            [sys.executable, "-m", __package__],
            input=content,
            capture_output=True,
            timeout=SECONDS + 5,
            check=True,
            cwd=PROJECT,
            env=environment | {"OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
        )
        answer = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise AnnexRefused(TOO_SLOW) from None
    if "refused" in answer:
        raise AnnexRefused(answer["refused"], **answer["params"])
    answer["rows"] = [AnnexRow(**row) for row in answer["rows"]]
    return Annex(**answer)
