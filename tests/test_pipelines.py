"""Scripts in the YAML of CI services: nothing is claimed of what another step may make, of a folder
that is not known, or of what is no script for a shell."""

from __future__ import annotations

from pathlib import Path

import cases
import pytest
from checking import check
from deployment_text import CLI_V2, IMAGE, cli_v2_with
from running import run

SET = "--set environment_variables.AZUREML_EXTRA_REQUIREMENTS_TXT="
PLACEHOLDER = cli_v2_with("filled-in-later.txt")
MISSPELT = "AZUREML_EXTRA_REQUIRMENTS_TXT"
WRONG = f"az ml online-deployment update -n b --set environment_variables.{MISSPELT}=r"
FILES = {
    "ml/blue.yml": PLACEHOLDER,
    "ml/src/score.py": "def init():\n    pass\n",
    "ml/src/reqs.txt": "scipy==1.2.3\n",
}
OTHER = {"blue.yml": CLI_V2.replace("src", "app"), "app/score.py": "def init():\n    pass\n"}


def found(folder: Path, workflow: str, files: dict[str, str], name: str = "") -> list[str]:
    """What is said of a project with a workflow: the file and the code of each finding."""
    name = name or ".github/workflows/deploy.yml"
    for path, text in {**files, name: workflow}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    cases.git(folder, "init", "--quiet")
    cases.git(folder, "add", "--all", "--force")
    result = check(folder, [folder])
    return [f"{Path(each.path).name} {each.code}" for each in result.findings]


def steps(*lines: str) -> str:
    """A workflow of GitHub with some steps."""
    return "on: push\njobs:\n  deploy:\n    steps:\n" + "".join(f"    - {line}\n" for line in lines)


@pytest.mark.parametrize(
    "makes",
    [
        "run: cp x ml/src/extra.txt",
        "run: pip freeze > ml/src/extra.txt",
        "run: poetry export -o ml/src/extra.txt",
        "uses: actions/download-artifact@v4\n      with: {name: extra.txt, path: ml/src}",
    ],
)
def test_a_step_may_make_what_another_one_sets(makes: str, tmp_path: Path) -> None:
    deploys = f"run: az ml online-deployment create -f ml/blue.yml {SET}"
    assert found(tmp_path, steps(makes, f"{deploys}extra.txt"), FILES) == []
    assert found(tmp_path, steps(f"{deploys}extra.txt"), FILES) == ["deploy.yml AML202"]


@pytest.mark.parametrize(
    "step",
    [
        "uses: actions/download-artifact@v4\n      with: {name: requirements, path: ml/src}",
        "task: CopyFiles@2\n      inputs: {TargetFolder: '$(Build.SourcesDirectory)/ml/src'}",
    ],
)
def test_a_step_may_bring_files_of_any_name(step: str, tmp_path: Path) -> None:
    assert found(tmp_path, steps(step), FILES) == []
    step = step.replace("src", "other")
    assert found(tmp_path, steps(step), FILES) == ["blue.yml AML202"]


def test_a_step_may_make_the_code_folder_or_the_folder_of_packages(tmp_path: Path) -> None:
    deploys = "run: az ml online-deployment create -f ml/blue.yml --set"
    code = steps(
        "run: mkdir -p build; cp -r ml/src build", f"{deploys} code_configuration.code=../build"
    )
    assert found(tmp_path, code, FILES) == []
    path = "environment_variables.AZUREML_EXTRA_PYTHON_LIB_PATH=site-packages"
    packages = steps(
        "run: pip install -r requirements.txt -t ml/src/site-packages",
        f"{deploys} {path} environment_variables.AZUREML_EXTRA_REQUIREMENTS_TXT=",
    )
    assert found(tmp_path, packages, FILES) == []


@pytest.mark.parametrize(
    "rewrites", ['sed -i "s#src#dist#" ml/blue.yml', "yq -i .code=x ml/blue.yml"]
)
@pytest.mark.parametrize("name", [".github/workflows/deploy.yml", "deploy.sh"])
def test_the_file_may_be_rewritten_first(rewrites: str, name: str, tmp_path: Path) -> None:
    deploys = f"az ml online-deployment create -f ml/blue.yml {SET}extra.txt"
    is_script = name.endswith(".sh")
    text = (
        f"{rewrites}\n{deploys}\n"
        if is_script
        else steps(f"run: |\n        {rewrites}\n        {deploys}")
    )
    assert found(tmp_path, text, FILES, name) == []


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("run: make reqs", []),
        ("uses: ./.github/actions/prepare", []),
        ("template: prepare.yml", []),
        ("uses: actions/checkout@v4", ["deploy.yml AML202"]),
        ("uses: azure/login@v2", ["deploy.yml AML202"]),
    ],
)
def test_a_step_before_a_container_may_write_files(
    before: str, expected: list[str], tmp_path: Path
) -> None:
    runs = (
        "docker run -v $PWD/src:/var/azureml-app -e AZUREML_ENTRY_SCRIPT=score.py "
        f"-e AZUREML_EXTRA_REQUIREMENTS_TXT=reqs.txt {IMAGE}"
    )
    files = {"src/score.py": "def init():\n    pass\n"}
    assert found(tmp_path, steps(before, f"run: {runs}"), files) == expected


BLUE = f"az ml online-deployment create -f blue.yml {SET}reqs.txt"


@pytest.mark.parametrize(
    "before",
    ["[cd ml]", '["cd \\"$CI_PROJECT_DIR/ml\\""]', "['cd ''ml''', echo]", "cd ml"],
)
def test_gitlab_runs_two_scripts_in_one_shell(before: str, tmp_path: Path) -> None:
    text = f"deploy:\n  before_script: {before}\n  script:\n  - {BLUE}\n"
    assert found(tmp_path, text, {**FILES, **OTHER}, ".gitlab-ci.yml") == []


@pytest.mark.parametrize(
    "text",
    [
        ".setup:\n  script: &setup [cd ml]\ndeploy:\n  script:\n  - *setup\n  - {deploys}\n",
        "default:\n  before_script: [cd ml]\ndeploy:\n  script: [{deploys}]\n",
        "before_script:\n- cd ml\ndeploy:\n  script: [{deploys}]\n",
        "deploy:\n  script:\n  - !reference [.setup, script]\n  - {deploys}\n",
        'deploy:\n  script:\n  - "cd m\\x6c"\n  - {deploys}\n',
        "deploy:\n  extends: .job\n  script: [{deploys}]\n",
        "deploy: {steps: [{cwd: ml, script: '{deploys}'}]}\n",
        "steps:\n- task: AzureCLI@2\n  inputs: {inlineScript: '{deploys}', cwd: ml}\n",
        "a: &a {working-directory: ml}\ndeploy: {steps: [{<<: *a, run: '{deploys}'}]}\n",
        "jobs:\n  deploy:\n    steps:\n    - run: {command: '{deploys}', working_directory: ml}\n",
        "job:\n  defaults: {run: {working-directory: ml}}\n  steps: [run: '{deploys}']\n",
        "steps:\n- bash: '{deploys}'\n  workingDirectory: $(Build.SourcesDirectory)/ml\n",
        "steps:\n- run: '{deploys}'\n  working-directory: ${{ github.workspace }}/ml\n",
        "steps:\n- run: '{deploys}'\n  working-directory: ${{ matrix.folder }}\n",
        "steps:\n- script: '{deploys}'\n  workingDirectory: $(folder)\n",
    ],
)
def test_the_folder_of_a_script(text: str, tmp_path: Path) -> None:
    assert found(tmp_path, text.replace("{deploys}", BLUE), {**FILES, **OTHER}) == []


def test_actions_start_in_the_root_whatever_is_the_default(tmp_path: Path) -> None:
    deploys = f"az ml online-deployment create -f ml/blue.yml {SET}"
    text = "defaults: {run: {working-directory: ml}}\nsteps:\n- uses: azure/cli@v2\n"
    text += "  with:\n    inlineScript: "
    assert found(tmp_path, f"{text}{deploys}reqs.txt\n", FILES) == []
    assert found(tmp_path, f"{text}{deploys}src/reqs.txt\n", FILES) == ["deploy.yml AML201"]


def test_steps_that_two_jobs_share_start_in_the_folders_of_both(tmp_path: Path) -> None:
    files = {**FILES, **{f"two/{name[3:]}": text for name, text in FILES.items()}}
    text = (
        "one:\n  defaults: {run: {working-directory: ml}}\n  steps: &steps\n"
        f"  - run: {BLUE}\n"
        "two:\n  defaults: {run: {working-directory: two}}\n  steps: *steps\n"
    )
    assert found(tmp_path, text, files) == []


@pytest.mark.parametrize(
    "file",
    [
        "${{ github.workspace }}/ml/blue.yml", "$GITHUB_WORKSPACE/ml/blue.yml",
        "$(Build.SourcesDirectory)/ml/blue.yml", "${CI_PROJECT_DIR}/ml/blue.yml",
        "$FOLDER/blue.yml", "somewhere/../$DIR/ml/blue.yml", "ml/${{ matrix.name }}.yml", "$1",
    ],
)  # fmt: skip
def test_a_placeholder_in_a_file_of_which_the_name_is_known(file: str, tmp_path: Path) -> None:
    text = steps(f"run: az ml online-deployment create -f {file} {SET}reqs.txt")
    assert found(tmp_path, text, FILES) == []


@pytest.mark.parametrize("file", ["other/$NAME.yml", "$DIR/green.yml", "ml/$NAME.yaml"])
def test_a_placeholder_in_another_file(file: str, tmp_path: Path) -> None:
    text = steps(f"run: az ml online-deployment create -f {file} {SET}reqs.txt")
    assert found(tmp_path, text, FILES) == ["blue.yml AML202"]


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("for path in Path('ml').glob('*.yml'):\n    d = load_online_deployment(path)\n", []),
        ("d = load_online_deployment(sys.argv[1])\n", []),
        ("d = load_online_deployment('green.yml')\n", ["blue.yml AML202"]),
    ],
)
def test_a_program_that_changes_files_of_any_name(
    program: str, expected: list[str], tmp_path: Path
) -> None:
    text = "import sys\nfrom pathlib import Path\nfrom azure.ai.ml import load_online_deployment\n"
    text += program + "d.environment_variables['AZUREML_EXTRA_REQUIREMENTS_TXT'] = 'reqs.txt'\n"
    assert found(tmp_path, text, FILES, "deploy.py") == expected


@pytest.mark.parametrize(
    "script",
    [
        "- task: PythonScript@0\n  inputs: {scriptSource: inline, script: 'export {name}=x'}",
        "- uses: actions/github-script@v7\n  with: {script: 'export {name}=x'}",
        "- script: |\n    #!/usr/bin/env python3\n    export {name}=x\n",
        "- shell: python\n  run: export {name}=x",
    ],
)
def test_other_languages_are_left_alone(script: str, tmp_path: Path) -> None:
    text = "steps:\n" + script.replace("{name}", MISSPELT) + "\n"
    assert found(tmp_path, text, {}) == []
    text = (
        "defaults: {run: {shell: python}}\nsteps:\n- run: export AZUREML_EXTRA_REQUIRMENTS_TXT=x\n"
    )
    assert found(tmp_path, text, {}) == []


@pytest.mark.parametrize(
    "step",
    [
        "pwsh: '{deploys}'",
        "powershell: |\n        $f = '.\\ml\\blue.yml'\n        {variable}",
        "shell: pwsh\n      run: '{deploys}'",
        "task: AzureCLI@2\n      inputs: {scriptType: pscore, inlineScript: '{deploys}'}",
    ],
)
def test_scripts_for_powershell(step: str, tmp_path: Path) -> None:
    deploys = f"az ml online-deployment create -f .\\ml\\blue.yml {SET}reqs.txt"
    variable = deploys.replace(".\\ml\\blue.yml", "$f")
    text = steps(step.replace("{deploys}", deploys).replace("{variable}", variable))
    assert found(tmp_path, text, FILES) == []


def test_the_computer_of_a_job_says_which_shell_runs(tmp_path: Path) -> None:
    windows = f"az ml online-deployment create -f .\\ml\\blue.yml {SET}reqs.txt"
    other = f"az ml online-deployment create -f ml/blue.yml \\\n          {SET}reqs.txt"
    text = steps(f"run: |\n          {other}").replace(
        "    steps", "    runs-on: ubuntu\n    steps"
    )
    assert found(tmp_path, f"# not for Windows\n{text}", FILES) == []
    more = "  test:\n    runs-on: windows-latest\n    steps:\n    - run: echo\n"
    assert found(tmp_path, text + more, FILES) == []
    text = steps(f"run: {windows}").replace("    steps", "    runs-on: windows-latest\n    steps")
    assert found(tmp_path, text, FILES) == []
    text = f"pool: {{vmImage: windows-latest}}\nsteps:\n- script: {windows}\n"
    assert found(tmp_path, text, FILES) == []
    given = f"az ml online-deployment create -f ml\\blue.yml ^\n        {SET}reqs.txt"
    text = "steps:\n- task: AzureCLI@2\n  inputs:\n    scriptType: batch\n    inlineScript: |\n"
    assert found(tmp_path, f"{text}        {given}\n", FILES) == []


@pytest.mark.parametrize(
    "text",
    [
        "steps:\n- ${{ if eq(parameters.x, true) }}:\n  - script: {deploys}\n",
        "steps:\n- ${{ each x in parameters.xs }}:\n  - bash: {deploys}\n",
        "steps:\n- shell: /usr/bin/bash -e {0}\n  run: {deploys}\n",
        "steps:\n- shell: micromamba-shell {0}\n  run: {deploys}\n",
        "steps:\n- shell: nix develop -c bash -e {0}\n  run: {deploys}\n",
        "steps:\n- uses: nick-fields/retry@v3\n  with: {command: '{deploys}'}\n",
        "steps:\n- run: {deploys}\n".replace("{deploys}", "{filled}"),
        "deploy:\n  script:\n  - {inputs}\n",
    ],
)
def test_scripts_under_conditions_and_in_other_words(text: str, tmp_path: Path) -> None:
    deploys = f"az ml online-deployment create -f ml/blue.yml {SET}reqs.txt"
    text = text.replace("{filled}", deploys.replace("ml/blue.yml", "<< parameters.file >>"))
    text = text.replace("{inputs}", deploys.replace("blue", "$[[ inputs.file ]]"))
    assert found(tmp_path, text.replace("{deploys}", deploys), FILES) == []


@pytest.mark.parametrize(
    "before",
    [
        "shell: python\n      run: shutil.copytree('build', 'src')",
        "attach_workspace: {at: .}",
        "download: current",
        "checkout: self\n    - checkout: other",
        "uses: actions/checkout@v4\n      with: {repository: a/b, path: src}",
        "uses: actions/cache@v4\n      with: {path: src}",
        "restore_cache: {keys: [a]}",
    ],
)
def test_steps_that_bring_files_before_a_container(before: str, tmp_path: Path) -> None:
    runs = (
        "docker run -v $PWD/src:/var/azureml-app -e AZUREML_ENTRY_SCRIPT=score.py "
        f"-e AZUREML_EXTRA_REQUIREMENTS_TXT=reqs.txt {IMAGE}"
    )
    files = {"src/score.py": "def init():\n    pass\n"}
    assert found(tmp_path, steps(before, f"run: {runs}"), files) == []


ANY = f'az ml online-deployment create -f "$1" {SET}"$2"\n'


def test_a_command_means_files_of_cli_v2_alone(tmp_path: Path) -> None:
    script = (
        "from azureml.core import Environment\n"
        "from azureml.core.model import InferenceConfig\n"
        "env = Environment('e')\n"
        "env.environment_variables = {'AZUREML_EXTRA_REQUIREMENTS_TXT': 'ml/src/reqs.txt'}\n"
        "InferenceConfig('score.py', source_directory='ml/src', environment=env)\n"
    )
    files = {**FILES, "deploy.py": script}
    del files["ml/blue.yml"]
    assert found(tmp_path, ANY, files, "deploy.sh") == ["deploy.py AML201"]


@pytest.mark.parametrize("command", [ANY, ANY.replace("--set", "--add")])
def test_whoever_is_named_the_command_counts(command: str, tmp_path: Path) -> None:
    assert found(tmp_path, command, FILES, "deploy.sh") == []
    for name in FILES:
        assert not check(tmp_path, [tmp_path / name], changed=True).findings, name
        assert not check(tmp_path, [tmp_path / name]).findings, name


def test_a_step_that_reads_the_name_brings_nothing(tmp_path: Path) -> None:
    setup = (
        "uses: actions/setup-python@v5\n      with: {cache: pip, "
        "cache-dependency-path: filled-in-later.txt}"
    )
    cache = (
        "uses: actions/cache@v4\n      with:\n        path: ~/.cache\n"
        "        key: ${{ hashFiles('**/filled-in-later.txt') }}"
    )
    assert found(tmp_path, steps(setup, cache), FILES) == ["blue.yml AML202"]


@pytest.mark.parametrize("more", ["", " --set environment_variables.WORKERS=1"])
def test_a_step_may_write_over_the_requirements_file(more: str, tmp_path: Path) -> None:
    files = {**FILES, "ml/blue.yml": cli_v2_with("reqs.txt"), "ml/src/reqs.txt": "scipy\n"}
    deploys = f"run: az ml online-deployment create -f ml/blue.yml{more}"
    assert found(tmp_path, steps("run: poetry export -o ml/src/reqs.txt", deploys), files) == []
    assert found(tmp_path, steps(deploys), files) == ["reqs.txt AML301"]


def test_scripts_that_are_too_long_are_told(tmp_path: Path) -> None:
    before = "".join(f"- export A{number}={number}\n" for number in range(1_000))
    jobs = "".join(f"job{number}:\n  script: [{WRONG} -o {number}]\n" for number in range(200))
    said = found(tmp_path, f"before_script:\n{before}{jobs}", {}, ".gitlab-ci.yml")
    assert set(said) == {".gitlab-ci.yml AML101", ".gitlab-ci.yml AML901"}


@pytest.mark.parametrize(
    "step",
    [
        "podman run -e {name}=a {image}", "docker create -e {name}=a {image}",
        "docker container run -e {name}=a {image}", "export {name}=a",
    ],
)  # fmt: skip
def test_what_is_found_in_scripts_alone(step: str, tmp_path: Path) -> None:
    line = step.replace("{name}", MISSPELT).replace("{image}", IMAGE)
    assert found(tmp_path, steps(f"run: {line}"), {}) == ["deploy.yml AML101"]


@pytest.mark.parametrize(
    "step",
    [
        'run: "{wrong} -n \\"blue\\""', "run: '{wrong} -n ''blue'''", "run: |2\n          {wrong}",
        "run: {command: '{wrong}'}", 'run: "set -e\\n{wrong}"',
    ],
)  # fmt: skip
def test_scripts_in_any_style(step: str, tmp_path: Path) -> None:
    assert found(tmp_path, steps(step.replace("{wrong}", WRONG)), {}) == ["deploy.yml AML101"]


def test_what_a_template_reads_may_be_exported(tmp_path: Path) -> None:
    text = "deploy:\n  script:\n  - export AZUREML_EXTRA_REQUIREMENTS=a\n"
    text += "  - envsubst < a.tmpl > b.yml\n"
    assert found(tmp_path, text, {}, ".gitlab-ci.yml") == []


def test_a_script_that_many_steps_share_is_read_once(tmp_path: Path) -> None:
    lines = "".join(f"  export A{number}={number}\n" for number in range(2_000))
    text = f"x: &s |\n  {WRONG}\n{lines}steps:\n" + "- run: *s\n" * 2_000
    assert found(tmp_path, text, {}) == ["deploy.yml AML101"]


def test_jobs_in_jobs_in_jobs_end(tmp_path: Path) -> None:
    """Each level uses both mappings of the one before it, and each says something of scripts."""
    lines = [f"a0: &a0 {{before_script: [cd a], script: [{BLUE}]}}", "b0: &b0 {script: [echo]}"]
    for new in range(1, 40):
        inner = f"p: *a{new - 1}, q: *b{new - 1}"
        lines.append(f"a{new}: &a{new} {{before_script: [cd a{new}], {inner}}}")
        folder = f"defaults: {{run: {{working-directory: b{new}}}}}"
        lines.append(f"b{new}: &b{new} {{before_script: [cd b{new}], {folder}, {inner}}}")
    (tmp_path / "ci.yml").write_text("\n".join(lines) + "\n")
    assert run(tmp_path, "check", "ci.yml").status == 0


def test_a_comment_behind_the_header_of_a_text_is_one_of_the_yaml(tmp_path: Path) -> None:
    text = CLI_V2 + (
        "environment_variables:\n"
        "  AZUREML_EXTRA_REQUIREMENTS_TXT: |  # aml-preflight: ignore[AML206]\n    reqs.txt\n"
    )
    files = {"src/score.py": "def init():\n    pass\n", "src/reqs.txt": "scipy==1.2.3\n"}
    assert found(tmp_path, text, files, "blue.yml") == []


def test_a_comment_is_removed_with_its_line(tmp_path: Path) -> None:
    from checking import mend

    text = (
        "steps:\n- run: |\n    # aml-preflight: ignore[AML102]\n    export A=1\n    podman info\n"
    )
    path = tmp_path / "ci.yml"
    path.write_text(text)
    fixed = mend(tmp_path, [path])
    assert fixed.contents[str(path)] == b"steps:\n- run: |\n    export A=1\n    podman info\n"
