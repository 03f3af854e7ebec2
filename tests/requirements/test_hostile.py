"""Input that is meant to hurt: the time taken grows in line with the length."""

from __future__ import annotations

import time

import pytest
from aml_preflight.requirements import pins
from aml_preflight.requirements.decoding import decode
from aml_preflight.requirements.reader import read
from aml_preflight.requirements.records import Requirement

LENGTH = 100_000
# Of processor time. Quadratic readings of these take minutes.
SECONDS = 20

TEXTS = {
    "blanks before a comment": "a==1" + " " * LENGTH + "x",
    "continuations": "a \\\n" * (LENGTH // 4),
    "comments that swallow": "a # \\\n" * (LENGTH // 6),
    "brackets": "[" * LENGTH + "]",
    "brackets behind a name": "a" + "[" * LENGTH + "]",
    "parentheses in a marker": "a; " + "(" * LENGTH + "os_name=='x'" + ")" * LENGTH,
    "few parentheses": "a; " + "(" * 2000 + "os_name=='x'" + ")" * 2000,
    "a long marker": "a; " + " and ".join(["os_name=='x'"] * (LENGTH // 16)),
    "clauses": "a==1" + ",>=1" * (LENGTH // 4),
    "arbitrary clauses": "a" + ",".join(["===1"] * (LENGTH // 5)),
    "a long version": "a==" + "1." * (LENGTH // 2) + "1",
    "a long number": "a==" + "1" * LENGTH + ",>=1",
    "a long local version": "a==1+" + "a." * (LENGTH // 2) + "a",
    "a long name": "a-" * (LENGTH // 2) + "!",
    "extras": "a[" + "x," * (LENGTH // 2) + "x]==1",
    "blanks within a clause": "a==" + " " * LENGTH + "1 2",
    "bullets": "- " * (LENGTH // 2) + "a",
    "short options": "-r " * (LENGTH // 3) + "x",
    "hashes": "a==1" + " --hash=sha256:0" * (LENGTH // 16),
    "quotes": "-r " + "'a'\"b\"" * (LENGTH // 6),
    "a URL of slashes": "https://" + "/" * LENGTH,
    "URLs in a URL": "https://h/?" + "a://b@c?sig=d&" * (LENGTH // 14),
    "at signs": "a @ git+https://h/" + "@" * LENGTH,
    "variables": "${X}" * (LENGTH // 4),
    "fragments": "https://h/x.zip#" + "&egg=a" * (LENGTH // 6),
    "dots": "." * LENGTH,
    "a path": "./" * (LENGTH // 2),
    "a wheel of dashes": "a" + "-1" * (LENGTH // 2) + ".whl",
    "letters and a colon": "a" * LENGTH + "://x",
    "many lines": "a==1\n" * (LENGTH // 5),
    "many bad lines": "a=1\n" * (LENGTH // 20),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in TEXTS.items()])
def test_time_is_bounded(text: str) -> None:
    start = time.process_time()
    for entry in read(text).entries:
        if isinstance(entry, Requirement):
            pins.level(entry)
    assert time.process_time() - start < SECONDS


def test_decoding_time_is_bounded() -> None:
    start = time.process_time()
    decode(b"# coding: punycode\n" + b"a-" * LENGTH)
    decode(b"#" * LENGTH * 10)
    assert time.process_time() - start < SECONDS
