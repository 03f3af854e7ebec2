"""What a fixing run promises beyond the cases: what works stays, and nothing is half written."""

from __future__ import annotations

from pathlib import Path

import pytest
from aml_preflight.fixes import write
from aml_preflight.workspace import Unavailable
from cases import ALL
from checking import mend

AT_99 = "a container that finds its packages today would exit with code 99"


def test_a_value_that_another_deployment_needs_stays(tmp_path: Path) -> None:
    [case] = [each for each in ALL if each.title.startswith("one value for two deployments")]
    fixed = mend(tmp_path, case.write(tmp_path), unsafe=True)
    assert fixed.contents == {}
    assert [(finding.code, why) for finding, why in fixed.refused] == [("AML201", AT_99)]
    assert [each.fix for each in fixed.result.findings] == [None]


def test_what_only_an_unsafe_fix_would_make_good_is_refused(tmp_path: Path) -> None:
    [case] = [each for each in ALL if each.title.startswith("What shows then can be mended by an")]
    fixed = mend(tmp_path, case.write(tmp_path))
    assert fixed.contents == {}
    assert [(finding.code, why) for finding, why in fixed.refused] == [("AML213", AT_99)]


@pytest.mark.parametrize("number", [2, 25])
def test_fixes_that_need_each_other_are_found_wherever_they_are(
    number: int, tmp_path: Path
) -> None:
    [case] = [each for each in ALL if each.title.startswith("The requirements file is wrong as w")]
    (deploy, *_) = case.write(tmp_path)
    text = deploy.read_text("utf-8")
    deploy.write_text(text * number, "utf-8")
    (tmp_path / "other.py").write_text(text, "utf-8")
    fixed = mend(tmp_path, [deploy, tmp_path / "other.py"])
    assert len(fixed.applied) == 2 * (number + 1)
    assert not fixed.result.findings
    assert not fixed.refused


@pytest.mark.parametrize(
    "title",
    [
        "Beside another variable that installs",
        "Two misspellings of two variables that install",
        "One name in two deployments, beside the right one",
        "One name in two deployments, beside a folder of packages",
        "A command sets another variable beside the misspelt name",
    ],
)
def test_a_name_that_may_undo_an_install_is_not_mended_unasked(title: str, tmp_path: Path) -> None:
    [case] = [each for each in ALL if each.title.startswith(title)]
    assert mend(tmp_path, case.write(tmp_path)).contents == {}


@pytest.mark.parametrize("refused", [1, 12, 25])
def test_fixes_that_are_refused_hold_no_other_one_up(refused: int, tmp_path: Path) -> None:
    [case] = [each for each in ALL if each.title.startswith("one value for two deployments")]
    (deploy, *_) = case.write(tmp_path)
    text = deploy.read_text("utf-8")
    paths = [deploy.rename(tmp_path / "bad.py")]
    for number in range(1, refused):
        paths.append(tmp_path / f"bad_{number:02}.py")
        paths[-1].write_text(text, "utf-8")
    for name in ("a.py", "z.py"):
        paths.append(tmp_path / name)
        paths[-1].write_text(text.replace('two = InferenceConfig("score.py", s', "two = dict(s"))
    fixed = mend(tmp_path, paths, unsafe=True)
    assert {Path(path).name for path in fixed.contents} == {"a.py", "z.py"}
    assert len(fixed.applied) == 2


def test_one_that_leads_nowhere_holds_up_none_that_needs_another(tmp_path: Path) -> None:
    [case] = [each for each in ALL if each.title.startswith("The requirements file is wrong as w")]
    (deploy, *_) = case.write(tmp_path)
    text = deploy.read_text("utf-8")
    (tmp_path / "score.py").write_text("", "utf-8")
    served = 'InferenceConfig("score.py", source_directory=".", environment=env)\n'
    deploy.write_text(f"{text}other = {served}", "utf-8")
    for name in ("a.py", "z.py"):
        (tmp_path / name).write_text(text, "utf-8")
    fixed = mend(tmp_path, [tmp_path / "a.py", deploy, tmp_path / "z.py"])
    assert {Path(path).name for path in fixed.contents} == {"a.py", "z.py"}
    assert [(finding.code, why) for finding, why in fixed.refused] == [("AML213", AT_99)]


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "deploy.py"
    path.write_bytes(b"now\n")
    with pytest.raises(Unavailable, match="changed"):
        write(str(path), b"new\n", b"before\n", str(tmp_path))
    assert path.read_bytes() == b"now\n"
    assert list(tmp_path.iterdir()) == [path]
