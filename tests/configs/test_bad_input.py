"""Files that nobody meant: each ends in bounded time and never takes the process down."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import check_odd

HEAD = b"""\
name: blue
endpoint_name: scoring
code_configuration: {code: src, scoring_script: score.py}
"""


def chain(line: str, count: int) -> bytes:
    """Anchors that each use the one before."""
    return "".join(line.format(new=i, old=i - 1) for i in range(1, count)).encode()


BOMBS: dict[str, bytes] = {
    "laughs": HEAD + b"a0: &a0 [x, x]\n"
    + chain("a{new}: &a{new} [*a{old}, *a{old}, *a{old}]\n", 60)
    + b"environment_variables: {A: *a59}\n",
    "merges": HEAD + b"a0: &a0 {A: b}\n"
    + chain("a{new}: &a{new} {{<<: [*a{old}, *a{old}, *a{old}]}}\n", 60)
    + b"environment_variables: {<<: *a59}\n",
    "many merges": HEAD + b"a0: &a0 {A: b}\n"
    + chain("a{new}: &a{new} {{<<: *a{old}, K{new}: b}}\n", 20_000)
    + b"environment_variables: {<<: *a19999}\n",
    "cycle": HEAD + b"x: &x {A: &a [*a], <<: *x}\n"
    b"environment_variables: &e {<<: *e, B: *e, C: *x}\n",
    "everything is one": b"&r\nname: *r\nendpoint_name: *r\ncode_configuration: *r\n"
    b"environment: *r\nenvironment_variables: *r\ndeployments: *r\n<<: *r\n"
    b"jobs: *r\nentryScript: *r\n",
    "lists": HEAD + b"x: " + b"[" * 400_000,
    "mappings": HEAD + b"environment_variables: " + b"{a: " * 200_000,
    "questions": HEAD + b"? " * 400_000,
    "indents": HEAD + b"".join(b" " * i + b"a:\n" for i in range(1200)),
    "10 MB": HEAD + b"# x\n" * 2_500_000,
    "nul": HEAD + b"tags: \0\n",
    "control characters": HEAD + b"tags: \x01\x1b[31m\n",
    "not utf-8": HEAD + b"tags: {a: '\xff\xfe'}\n",
    "open placeholders": HEAD + b"environment_variables:\n  K: " + b"{{" * 400_000,
    "placeholders": HEAD + b"environment_variables:\n" + b"{{a}}\n" * 100_000,
    "blocks": HEAD + b"environment_variables:\n" + b"{% if a %}\n" * 40
    + b"{% if a %}\n  A: b\n{% else %}\n{% include %}\n{% endif %}\n" * 5_000
    + b"{% endif %}\n" * 40,
    "blocks of a line": HEAD + b"environment_variables:\n"
    + b"  {% if a %}A: 'b'{% endif %}\n" * 10_000
    + b"  " + b"{% if a %}{% endif %}" * 10_000 + b"\n",
    "deep blocks": HEAD + b"{{- if a }}\n" * 10_000 + b"{{- end }}\n" * 10_000,
    "entry scripts": b"entryScript: x\n" * 60_000 + b"[",
    "number": HEAD + b"environment_variables: {A: " + b"9" * 900_000 + b"}\n",
}  # fmt: skip
SAID = {
    "lists", "mappings", "questions", "indents", "10 MB", "nul", "control characters", "not utf-8",
    "open placeholders",
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["yml", "json"])
@pytest.mark.parametrize("name", BOMBS)
def test_ends_soon_and_says_what_was_not_read(name: str, suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"deployment.{suffix}").write_bytes(BOMBS[name])
    text = check(tmp_path, f"deployment.{suffix}")
    assert ("AML901" in text) == (name in SAID)


ODD = {
    "deployments: null\nenvironment_variables: x\n",
    "deployments: []\nenvironment_variables: []\n",
    "deployments: [1, [2], null]\nscoring_script: x\n",
    "deployments: {a: 1, b: null, [c]: {code_configuration: {code: x}}}\n",
    "[code_configuration, {scoring_script: x}]\n",
    "code_configuration: [code, scoring_script]\nendpoint_name: x\ninstance_count: 1\n",
    "code_configuration: {code: [a], scoring_script: {b: c}}\nendpoint_name: 1\n",
    "code_configuration: null\nenvironment_variables: null\nendpoint_name: null\n",
    "? [1, 2]\n: environment_variables\n? {a: b}\n: scoring_script\n",
    "endpoint_name: x\nenvironment_variables: {[a]: b, {c: d}: e, null: f, 1: g, 2.5: h, yes: i}\n",
    "endpoint_name: x\nenvironment_variables: {A: [], B: {}, C: 2021-01-01, D: !x y}\n",
    "endpoint_name: x\nenvironment_variables: {<<: 1, <<: [2], <<: null}\n",
    "endpoint_name: x\ninstance_count: 1\nenvironment: [environment_variables]\n",
    "name: x\nimage: [y]\nenvironment_variables: z\n",
    "$schema: [environment_variables]\n",
    "$schema: 1\nenvironment_variables: 2\n",
    "entryScript: [score.py]\nenvironment: environmentVariables\n",
    "entryScript: score.py\nsourceDirectory: [a]\nenvironment: {environmentVariables: [b]}\n",
    "entryScript: score.py\nenvironment: {environmentVariables: {}, docker: []}\n",
    "entryScript: null\nenvironment: {environmentVariables: {}}\n",
    "environmentVariables: [a]\ndocker: b\npython: c\n",
    "script: a\ntarget: b\nenvironment: {environmentVariables: c, docker: {}}\n",
    "jobs: [environment_variables]\ntype: pipeline\n",
    "jobs: {a: b, c: {environment_variables: [d]}}\ntype: [pipeline]\n",
    "settings: environment_variables\ntype: model\nendpoint_name: x\ncompute: y\n",
    "flow: x\nenvironment_variables: y\n",
    "--- environment_variables\n--- {endpoint_name: x, instance_type: y}\n---\n...\n",
    "environment_variables",
    '"environment_variables"\n',
    "%YAML 1.1\n--- !foo\nendpoint_name: x\nenvironment_variables: !bar {a: b}\n",
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["yml", "json"])
def test_odd_shapes_are_borne(suffix: str, tmp_path: Path) -> None:
    names = []
    for number, text in enumerate(sorted(ODD)):
        names.append(f"odd{number}.{suffix}")
        (tmp_path / names[-1]).write_text(text)
    text = check(tmp_path, *names)
    assert "AML906" not in text
    assert "AML2" not in text


def check(folder: Path, *paths: str) -> str:
    """What ``check`` prints."""
    done = check_odd(folder, *paths)
    assert done.status in (0, 1), done.text
    assert "AML906" not in done.text
    return done.text
