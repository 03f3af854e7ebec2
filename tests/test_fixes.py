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


def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "deploy.py"
    path.write_bytes(b"now\n")
    with pytest.raises(Unavailable, match="changed"):
        write(str(path), b"new\n", b"before\n", str(tmp_path))
    assert path.read_bytes() == b"now\n"
    assert list(tmp_path.iterdir()) == [path]
