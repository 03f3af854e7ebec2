"""One cause is one finding, and what it says holds for all deployments that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import ALL
from checking import check

WITHOUT_IT = "nothing reads AZUREML_EXTRA_REQUIREMENT_TXT: the container would start without it"


ADVICE = "write AZUREML_EXTRA_REQUIREMENTS_TXT, or remove this one where that is set as well"


@pytest.mark.parametrize("beside", ["the right one", "a folder of packages"])
def test_what_differs_is_said_as_it_holds_for_all(beside: str, tmp_path: Path) -> None:
    title = f"One name in two deployments, beside {beside}"
    [case] = [each for each in ALL if each.title.startswith(title)]
    [finding] = check(tmp_path, case.write(tmp_path)).findings
    assert (finding.message, finding.help) == (WITHOUT_IT, ADVICE)
