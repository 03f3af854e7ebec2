"""What a fixing run promises beyond the cases: what works stays, and nothing is half written."""

from __future__ import annotations

from pathlib import Path

import pytest
from aml_preflight.fixes import write
from aml_preflight.workspace import Unavailable
from cases import ALL
from checking import mend


def test_a_value_that_another_deployment_needs_stays(tmp_path: Path) -> None:
    [case] = [each for each in ALL if each.title.startswith("one value for two deployments")]
    assert mend(tmp_path, case.write(tmp_path), unsafe=True).contents == {}


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


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "deploy.py"
    path.write_bytes(b"now\n")
    with pytest.raises(Unavailable, match="changed"):
        write(str(path), b"new\n", b"before\n", str(tmp_path))
    assert path.read_bytes() == b"now\n"
    assert list(tmp_path.iterdir()) == [path]
