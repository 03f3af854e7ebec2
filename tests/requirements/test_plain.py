"""The short way for the plainest requirements gives the answer of the long one."""

from __future__ import annotations

import re

from aml_preflight.requirements.plain import read_plain
from aml_preflight.requirements.requirement import read_line
from hypothesis import example, given, settings
from hypothesis import strategies as st

NAMES = st.from_regex(re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,12}"), fullmatch=True)
VERSIONS = st.from_regex(
    re.compile(
        r"[0-9]{1,4}(\.[0-9]{1,3}){0,6}(\.?(post|dev|rc|a)[0-9]{0,2})?(\+[a-zA-Z0-9.]{1,4})?"
    ),
    fullmatch=True,
)
BLANKS = st.sampled_from(["", " ", "  "])
ENDINGS = st.sampled_from(["", " ", ".*", "+cpu", "rc1", ",", ";", ".zip", ".tar.gz", "\t", "[x]"])


OPERATORS = st.sampled_from(["==", "===", ">=", "="])


@given(st.tuples(BLANKS, NAMES, BLANKS, OPERATORS, BLANKS, VERSIONS, ENDINGS))
@example(("a.whl==1",))
@example(("tar==1.2.3.4.5.6.7",))
@settings(derandomize=True, max_examples=500, deadline=None)
def test_agrees_with_the_whole_reader(parts: tuple[str, ...]) -> None:
    text = "".join(parts)
    plain = read_plain(text)
    if plain is not None:
        assert plain == read_line(text)


def test_takes_what_it_is_for() -> None:
    assert read_plain("scikit-learn==1.5.2") is not None
    assert read_plain("scipy == 1.2.3") is not None
    assert read_plain("python-dateutil==2.9.0.post0") is not None
    assert read_plain("torch==2.1.0+cu118") is not None
    assert read_plain("scipy>=1.2.3") is None
