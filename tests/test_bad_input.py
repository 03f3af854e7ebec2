"""Files that nobody meant: a clear word for each, the rest still checked, never a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from running import check_odd, run

GOOD = """\
from azureml.core import Environment
from azureml.core.model import InferenceConfig
env = Environment("x")
env.environment_variables = {"AZUREML_EXTRA_REQUIREMENTS_TXT": "src/requirements.txt"}
config = InferenceConfig("score.py", source_directory="src", environment=env)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "score.py").touch()
    (tmp_path / "src" / "requirements.txt").write_text("scipy==1.2.3\n")
    (tmp_path / "good.py").write_text(GOOD)
    return tmp_path


def check(project: Path, *paths: str) -> tuple[int, str]:
    """Status and output of ``check``, standard output and error together."""
    done = check_odd(project, *paths)
    return done.status, done.text


DEEP = 100_000
LINKS = "x = a" + " and a" * 8_000 + "\n"
BROKEN: dict[str, bytes] = {
    "syntax": (GOOD + "x = (\n").encode(),
    "latin-1": GOOD.encode() + b"# caf\xe9\n",
    "unknown coding": b"# coding: nonsense\n" + GOOD.encode(),
    "coding that is no text": b"# coding: rot13\n" + GOOD.encode(),
    "coding that is undefined": b"# coding: undefined\n" + GOOD.encode(),
    "coding of domain names": b"# coding: punycode\n" + GOOD.encode(),
    "coding in which NUL is spelled": b"# coding: unicode_escape\n" + GOOD.encode() + b"# \\0\n",
    "nul": GOOD.encode() + b"\0",
    "50 MB": GOOD.encode() + b"#" * 50_000_000,
    "50 MB before": b"#" * 50_000_000 + b"\n" + GOOD.encode(),
    "parentheses": (GOOD + "x = " + "(" * DEEP + ")" * DEEP + "\n").encode(),
    "open brackets": (GOOD + "x = " + "[" * DEEP + "\n").encode(),
    "minus signs": (GOOD + "x = " + "-" * DEEP + "1\n").encode(),
    "sums": (GOOD + "x = " + "1+" * DEEP + "1\n").encode(),
    "calls": (GOOD + "x = a" + ".b()" * (DEEP // 2) + "\n").encode(),
    "and": (GOOD + "x = env" + " and a" * 8_000 + "\n").encode(),
    "and, on the line of another": (GOOD + LINKS[:-1] + "; env.version = '1'\n").encode(),
    "and, behind what shares its line": (GOOD + "env.version = '1'; " + LINKS).encode(),
    "and, behind a mistake": (GOOD + 'y = "\\x"\nx = a' + " or a" * 8_000 + "\n").encode(),
    "dotted imports": (GOOD + "import a" + ".a" * 20_000 + "\nenv.version = a.b\n").encode(),
    "dotted modules": (GOOD + "from a" + ".a" * 20_000 + " import x\nenv.version = x\n").encode(),
    "not, in Python 2": (GOOD + 'print "x"\nx = ' + "not " * DEEP + "1\n").encode(),
    "indents": (GOOD + "".join(" " * i + "if x:\n" for i in range(500))).encode(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_said_and_the_rest_is_checked(
    project: Path, name: str
) -> None:
    (project / "broken.py").write_bytes(BROKEN[name])
    status, text = check(project, "broken.py", "good.py")
    assert status == 1
    assert "broken.py:" in text
    assert "AML901" in text
    assert "good.py:4:64: error AML201" in text


@pytest.mark.parametrize("text", [LINKS, "import a" + ".a" * 20_000 + "\n"])
def test_deep_code_that_cannot_matter_is_no_matter(project: Path, text: str) -> None:
    (project / "good.py").write_text(GOOD + text)
    status, said = check(project, "good.py")
    assert status == 1
    assert "good.py:4:64: error AML201" in said
    assert "AML901" not in said


def test_what_stands_before_the_mistake_is_still_checked(project: Path) -> None:
    (project / "broken.py").write_bytes(BROKEN["syntax"])
    _, text = check(project, "broken.py")
    assert "broken.py:4:64: error AML201" in text
    assert "broken.py:6:1: warning AML901" in text


BAD_LITERALS = [
    r'"C:\Users\me\src"', r'f"C:\Users\{env}"', r'"\x"', r'b"\x"', r'"\N{DASH}"', "1" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("literal", BAD_LITERALS)
def test_a_literal_that_is_no_value_is_said_and_the_rest_is_checked(
    project: Path, literal: str
) -> None:
    lines = GOOD.splitlines(keepends=True)
    used = f"InferenceConfig(entry_script='score.py', source_directory={literal})\n"
    (project / "broken.py").write_text("".join([*lines[:2], used, *lines[2:]]))
    _, text = check(project, "broken.py")
    assert "broken.py:3:1: warning AML901" in text
    assert "line 3 is not valid Python" in text
    assert ("a backslash in text starts an escape" in text) == literal.startswith(('"', "f"))
    assert "broken.py:5:64: error AML201" in text


def test_text_joined_with_bytes_is_said(project: Path) -> None:
    (project / "broken.py").write_text(GOOD + 'x = "a" b"b"\n')
    _, text = check(project, "broken.py")
    assert "broken.py:4:64: error AML201" in text
    assert "broken.py:6:1: warning AML901" in text


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("make", [_fifo, _loop, _broken_link])
@pytest.mark.parametrize("name", ["odd.py", "odd.txt"])
def test_what_is_no_file_is_said(project: Path, make: Callable[[Path], None], name: str) -> None:
    make(project / name)
    status, text = check(project, name, "good.py")
    assert status == 1
    assert f"{name}:1:1: warning AML901" in text
    assert "good.py:4:64: error AML201" in text


def test_a_missing_path_is_said(project: Path) -> None:
    status, text = check(project, "missing.py")
    assert status == 1
    assert "missing.py:1:1: warning AML901 this file was not checked: no such file" in text


def test_a_folder_called_like_a_file_is_walked(project: Path) -> None:
    (project / "folder.py").mkdir()
    (project / "folder.py" / "deploy.py").write_text(GOOD)
    status, text = check(project, "folder.py")
    assert status == 1
    assert "folder.py/deploy.py:4:64: error AML201" in text


@pytest.mark.parametrize(
    "name", ["esc\x1b[31m.py", "new\nline.py", "bidi\u202e.py", "blank name.py", "ä東🙂.py"]
)
def test_names_cannot_forge_output(project: Path, name: str) -> None:
    (project / name).write_text(GOOD)
    status, text = check(project, name)
    assert status == 1
    assert "\u202e" not in text
    assert text.count("\n") == 2


def test_values_cannot_forge_output(project: Path) -> None:
    value = r"src/\x1b]0;title\x07\u202e\ud800requirements.txt"
    (project / "good.py").write_text(GOOD.replace("src/requirements.txt", value))
    status, text = check(project, "good.py")
    assert status == 1
    assert "AML2" in text


def test_a_file_that_includes_itself_ends(project: Path) -> None:
    (project / "good.py").write_text(GOOD.replace("src/req", "req"))
    (project / "src" / "requirements.txt").write_text("-r requirements.txt\nscipy==1.2.3\n")
    status, text = check(project, "good.py")
    assert status == 1
    assert "src/requirements.txt:1" in text
    assert "AML312" in text


def test_requirements_in_any_bytes(project: Path) -> None:
    (project / "good.py").write_text(GOOD.replace("src/req", "req"))
    for data in (b"\xff\xfe", b"\0" * 5000, os.urandom(5000), b"(" * 100_000, b"a[" * 50_000):
        (project / "src" / "requirements.txt").write_bytes(data)
        check(project, "good.py")


@pytest.mark.parametrize(
    "comment",
    [
        "# aml-preflight: ignore[AML301" + " " * 50_000 + "x",
        "# aml-preflight: ignore[AML301] -- a" + " " * 50_000 + "b",
        "# aml-preflight: ignore[" + "A" * 50_000,
        "# aml-preflight: ignore[A" + ",A" * 20_000,
        "# " + "aml-preflight: " * 5_000,
    ],
)
def test_comments_of_any_length(project: Path, comment: str) -> None:
    (project / "good.py").write_text(GOOD + comment + "\n")
    _, text = check(project, "good.py")
    assert "AML201" in text


@pytest.mark.parametrize(
    "part", ["put ", "{{", "[[", "‹a", "<a", "aaa ", "path to ", "name\\n", "insert a "]
)
def test_texts_in_pages_of_any_length(project: Path, part: str) -> None:
    example = GOOD + f"print('{part * 8_000}')\n"
    (project / "page.md").write_text(f"```python\n{example}```\n", "utf-8")
    _, text = check(project, "page.md")
    assert "AML201" in text


def test_comments_that_never_end(project: Path) -> None:
    page = f"<!-- aml-preflight: ignore[AML201] -->\n```python\n{GOOD}```\n" + "<!-- " * 50_000
    (project / "page.md").write_text(page)
    assert check(project, "page.md")[0] == 0


def test_templates_with_thousands_of_places(project: Path) -> None:
    lines = "".join(f"  KEY_{number}: a\n  {{{{ more }}}}\n" for number in range(10_000))
    head = "name: a\nendpoint_name: b\ncode_configuration: {code: src, scoring_script: score.py}\n"
    (project / "deployment.yml").write_text(f"{head}environment_variables:\n{lines}")
    assert check(project, "deployment.yml")[0] == 0


def test_loops_and_calls_without_end(project: Path) -> None:
    calls = "".join(f"def f{i}(e):\n    f{i + 1}(e)\n    f{i + 1}(e)\n" for i in range(60))
    loops = "".join("    " * i + f"for a{i} in [1, 2, 3, 4, 5, 6, 7]:\n" for i in range(15))
    body = loops + "    " * 15 + "env.environment_variables['A'] = '1'\n"
    doubled = "t = 'x' * 3\n" + "t = t + t\n" * 80 + "d = {}\n" + "d = {**d, 'k': d}\n" * 80
    (project / "good.py").write_text(GOOD + calls + "f0(1)\n" + body + doubled)
    status, text = check(project, "good.py")
    assert status == 1
    assert "AML201" in text


DOUBLED = {
    "f-string": ("'a'", "x = f'{x}{x}'"),
    "f-strings side by side": ("'a'", "x = f'{x}' f'{x}'"),
    "percent": ("'a'", "x = '%s%s' % (x, x)"),
    "format": ("'a'", "x = '{0}{0}'.format(x)"),
    "format by name": ("'a'", "x = '{a}{a}'.format(a=x)"),
    "replace": ("'a' + 'a'", "x = x.replace('a', x)"),
    "list sum": ("['a']", "x = x + x"),
    "list in place": ("['a']", "x += x"),
    "starred list": ("['a']", "x = [*x, *x]"),
    "starred tuple": ("('a',)", "x = (*x, *x)"),
    "path": ("Path('a')", "x = Path(x, x)"),
    "copy": ("Environment('a')", "y = x\nx = Environment('a')\nx.a = x.b = y"),
}


@pytest.mark.parametrize("name", DOUBLED)
def test_values_that_double_are_not_worked_out(project: Path, name: str) -> None:
    first, line = DOUBLED[name]
    start = f"import copy\nfrom pathlib import Path\nx = {first}\n"
    end = "z = copy.deepcopy(x)\nenv.environment_variables['A'] = str(x)\n"
    (project / "good.py").write_text(GOOD + start + f"{line}\n" * 60 + end)
    status, text = check(project, "good.py")
    assert status == 1
    assert "good.py:4:64: error AML201" in text
    assert "AML906" not in text


@pytest.mark.parametrize("use", ["f'{n}'", "str(n)", "'%s' % n", "n", "{n: 1}"])
def test_numbers_of_thousands_of_digits(project: Path, use: str) -> None:
    number = "n = 0x" + "f" * 6_000 + f"\nenv.environment_variables['A'] = {use}\n"
    (project / "good.py").write_text(GOOD + number)
    status, text = check(project, "good.py")
    assert status == 1
    assert "good.py:4:64: error AML201" in text
    assert "AML906" not in text
    assert len(text) < 1_000


@pytest.mark.parametrize(
    "more",
    [
        "x = env\n" * 10_000,
        "\n" * 900_000 + "env.x = 1\n",
        "".join(f"def f{number}(): pass\n" for number in range(3_000)),
        "p = Path('" + "a/" * 2_000 + "')\n" + "x = p.parents[0]\n" * 1_000 + "env.x = x\n",
    ],
)
def test_files_of_thousands_of_lines(project: Path, more: str) -> None:
    (project / "good.py").write_text(GOOD + "from pathlib import Path\n" + more)
    _, text = check(project, "good.py")
    assert "good.py:4:64: error AML201" in text


def fix(project: Path, *paths: str) -> tuple[int, str]:
    done = run(project, "check", "--fix", "--unsafe-fixes", *paths)
    assert "internal error" not in done.text
    return done.status, done.text


def test_a_fix_that_would_not_parse_is_not_written(project: Path) -> None:
    """The literal is inside an f-string's braces, where its own quotes would end the string."""
    text = GOOD.replace('"src/requirements.txt"', "f\"{'src/requirements.txt'}\"")
    (project / "good.py").write_text(text)
    fix(project, "good.py")
    compile((project / "good.py").read_text(), "good.py", "exec")


def test_a_fix_that_the_encoding_cannot_hold_costs_no_other_one(project: Path) -> None:
    (project / "src" / "caf\u20ac.txt").write_text("scipy==1.2.3\n")
    name = r"src/caf\u20ac.txt"
    text = "# coding: latin-1\n" + GOOD.replace("src/requirements.txt", name)
    (project / "latin.py").write_text(text)
    status, said = fix(project, "latin.py", "good.py")
    assert status == 1
    assert "AML201" in said
    assert (project / "latin.py").read_text() == text
    assert '"requirements.txt"' in (project / "good.py").read_text()


def test_two_names_of_one_file_are_fixed_as_one(project: Path) -> None:
    (project / "link.py").symlink_to("good.py")
    status, said = fix(project, "link.py", "good.py")
    assert status == 0
    assert "not fixed" not in said
    assert (project / "link.py").is_symlink()
    assert '"requirements.txt"' in (project / "good.py").read_text()


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_conda_environment_is_no_list_for_pip_with_any_line_ends(
    project: Path, ending: str
) -> None:
    lines = ["name: a", "dependencies:", "- numpy=1.0", "- pip:", "  - scipy==1.2.3", ""]
    data = ending.join(lines).encode()
    path = project / "src" / "requirements.txt"
    path.write_bytes(data)
    (project / "good.py").write_text(GOOD.replace("src/req", "req"))
    _, said = fix(project, "good.py")
    assert "AML311" in said
    assert path.read_bytes() == data


@pytest.mark.parametrize("name", ["nope", "nope/", "nope.odd", "nope.txt"])
def test_a_mistyped_path_is_said(project: Path, name: str) -> None:
    for paths in ([name], [name, "good.py"]):
        status, text = check(project, *paths)
        assert status == 1
        assert f"{name.rstrip('/')}:1:1: warning AML901 this file was not checked: no such" in text
    assert check(project, "--changed", name)[0] == 0
