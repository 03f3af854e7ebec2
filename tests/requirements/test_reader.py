"""What the entries of a file say, example by example."""

from __future__ import annotations

import subprocess
import sys
from typing import TypeVar

import pytest
from aml_preflight.requirements.reader import read
from aml_preflight.requirements.records import (
    Include,
    Invalid,
    Nothing,
    OptionLine,
    Requirement,
    Span,
    Swallowed,
    Unknown,
)

E = TypeVar("E")


def only(text: str, kind: type[E]) -> E:
    (entry,) = read(text).entries
    assert isinstance(entry, kind)
    return entry


def test_parts_of_a_continued_requirement() -> None:
    text = "# pins\nuvicorn[standard] \\\n  ==0.20.0 ; os_name=='posix' --hash=sha256:ab # x\n"
    entry = only(text, Requirement)
    assert entry.line == 2
    assert entry.name is not None
    assert text[slice(*entry.name.span)] == "uvicorn"
    assert [text[slice(*part.span)] for part in entry.extras] == ["standard"]
    assert entry.specifier is not None
    assert text[slice(*entry.specifier.span)] == "==0.20.0"
    assert [(c.operator, c.version) for c in entry.clauses] == [("==", "0.20.0")]
    assert entry.marker is not None
    assert text[slice(*entry.marker.span)] == "os_name=='posix'"
    assert text[slice(*entry.hashes[0].span)] == "sha256:ab"
    assert text[slice(*entry.span)].endswith("--hash=sha256:ab")


def test_a_name_broken_by_a_continuation() -> None:
    entry = only("sci\\\npy==1", Requirement)
    assert entry.name == ("scipy", Span(0, 7))


@pytest.mark.parametrize(
    ("line", "secrets"),
    [
        ("--extra-index-url https://user:pw@host/simple", ["user:pw"]),
        ("-i https://ghp_token@host/simple", ["ghp_token"]),
        ("-i https://${USER}:${TOKEN}@host/simple", []),
        ("-i https://user:${TOKEN}@host/simple", []),
        ("foo @ git+ssh://git@host/o/r@main", []),
        ("foo @ git+https://tok@host/o/r@main", ["tok"]),
        ("https://h/a.zip?sv=1&sig=abc%3D&se=2", ["abc%3D"]),
        ("-r https://u:p@h/r.txt", ["u:p"]),
        ("-f 'https://u:p@h/x' -f https://v:q@h/x", ["u:p", "v:q"]),
        ("https://h/@scope/x.zip", []),
    ],
)
def test_secrets_have_a_place(line: str, secrets: list[str]) -> None:
    (entry,) = read(line).entries
    if isinstance(entry, OptionLine):
        options = (*entry.options, *entry.ignored)
        found = [secret for option in options for secret in option.secrets]
    else:
        assert isinstance(entry, (Requirement, Include))
        found = list(entry.secrets)
    assert [line[slice(*secret.span)] for secret in found] == secrets


def test_a_bullet_installs_nothing() -> None:
    text = "  - scipy==1.2.3\n"
    entry = only(text, Nothing)
    assert entry.bullet == Span(2, 4)
    assert entry.rest == ("scipy==1.2.3", Span(4, 16))
    assert isinstance(entry.inner, Requirement)
    assert entry.inner.name == ("scipy", Span(4, 9))


def test_a_dash_without_blank_is_no_bullet() -> None:
    assert only("-scipy==1", Invalid).refusals[0].aborts == "file"
    assert only("-- scipy", Nothing).bullet is None


def test_a_comment_that_swallows_lines() -> None:
    text = "a==1 # note \\\nb==2 # two \\\n  c==3 \\\n  --hash=sha256:0\nd==4\n"
    first, second, third, fourth = read(text).entries
    assert isinstance(first, Requirement)
    assert isinstance(second, Swallowed)
    assert isinstance(third, Swallowed)
    assert isinstance(fourth, Requirement)
    assert (second.text, second.line) == ("b==2", 2)
    assert (third.text, third.line) == ("c==3   --hash=sha256:0", 3)
    assert second.backslash == Span(12, 13)
    assert text[slice(*second.comment)].endswith("--hash=sha256:0")


def test_a_comment_of_its_own_swallows_nothing() -> None:
    assert [type(each) for each in read("# a \\\nb==1\n").entries] == [Requirement]


def test_options_after_a_requirement_are_ignored() -> None:
    text = "scipy==1 -c c.txt --index-url https://h\n"
    entry = only(text, Requirement)
    assert [option.name for option in entry.ignored] == ["--constraint", "--index-url"]
    assert text[slice(*entry.ignored[0].span)] == "-c c.txt"


def test_only_the_first_include_of_a_line_counts() -> None:
    entry = only("-c c.txt -r 'a b.txt' -r d.txt --pre x", Include)
    assert (entry.constraint, entry.target.text) == (False, "a b.txt")
    assert [option.name for option in entry.ignored] == ["--constraint", "--requirement", "--pre"]
    assert [part.text for part in entry.dropped] == ["x"]


def test_an_abbreviation_gets_its_full_name() -> None:
    (option,) = only("--extra-index https://h", OptionLine).options
    assert (option.name, option.written.text) == ("--extra-index-url", "--extra-index")


def test_which_pips_refuse() -> None:
    old = only("scipy==1.2.3-foo", Invalid)
    assert old.refusals[0].pips == "pip 24.1 and later"
    assert not old.refusals[0].by("24.0")
    new = only("--all-releases scipy", OptionLine)
    assert new.refusals[0].pips == "pip before 26.0"
    assert new.refusals[0].by("25.3")
    assert only("scipy=1", Invalid).refusals[0].pips == "every pip"
    gone = only("--use-feature in-tree-build", Invalid)
    assert [r.by("21.3.1") for r in gone.refusals] == [False, False]
    assert {r.pips for r in gone.refusals} == {"pip 22.1 and later", "pip before 21.1"}


@pytest.mark.parametrize("line", ["scipy==${VER}", "scipy ${SPEC}", "scipy[${X}]==1"])
def test_a_variable_leaves_the_name(line: str) -> None:
    entry = only(line, Requirement)
    assert entry.canonical == "scipy"
    assert entry.variables
    assert not entry.refusals


@pytest.mark.parametrize("line", ["${LINE}", "scipy${SUFFIX}==1=", "--hash=${X}", "-x ${X}"])
def test_a_variable_can_leave_nothing(line: str) -> None:
    assert only(line, Unknown).variables


def test_lower_case_is_no_variable() -> None:
    only("scipy==${ver}", Invalid)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("scipy=1.2", "single ="),
        ("scipy=1.2=py38_0", "conda"),
        ("numpy==1 scipy==2", "line of its own"),
        ("scipy==1\t--hash=sha256:0", "tab"),
        ("scipy==1 \\ ", "backslash"),
        ("conda-forge::scipy", "channel"),
        ("dependencies:", "YAML"),
        ("<<<<<<< HEAD", "merge"),
        ("'scipy'", "quotes"),
        ("scipy\u00a0==1", "U+00A0"),
        ("scipy==1# x", "comment"),
        ("git+git@h:o/r.git", "git+ssh"),
        ("--index_url x", "no such option"),
        ("scipy==1 --hash=md5:0", "sha256"),
    ],
)
def test_reasons(line: str, words: str) -> None:
    assert words in only(line, Invalid).reason


def test_importing_the_records_is_cheap() -> None:
    code = (
        "import sys; before = set(sys.modules); import aml_preflight.requirements.records;"
        "print(*sorted(name for name in set(sys.modules) - before if '.' not in name))"
    )
    command = [sys.executable, "-X", "importtime", "-S", "-c", code]
    path = {"PYTHONPATH": next(p for p in sys.path if p.endswith("hooks"))}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=path)
    assert not {"packaging", "dataclasses", "optparse"} & set(done.stdout.split())
