"""The child process of child.py: a file on standard input, its Annex as JSON on standard output."""

import dataclasses
import json
import resource
import sys

from .child import MEMORY_BYTES, SECONDS
from .files import MAX_BYTES, read
from .refusals import AnnexRefused


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer = dataclasses.asdict(read(sys.stdin.buffer.read(MAX_BYTES + 1)))
    except AnnexRefused as refused:
        answer = {"refused": refused.message, "params": refused.params}
    json.dump(answer, sys.stdout)


main()
