"""Templates against what they can become: what is said of one is true of a file that it makes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Union

import pytest
from aml_preflight.configs.reader import read
from aml_preflight.values import Known, Unknown
from checking import check
from deployment_text import CLI_V2, IMAGE

NAME = "AZUREML_EXTRA_REQUIREMENTS_TXT"

# ---- generated templates -----------------------------------------------------------------------

Part = Union[str, "Block"]


class Block:
    """What a template chooses: one of its branches, or, if it is a loop, its only one repeated."""

    def __init__(self, number: int, branches: list[list[Part]], *, loop: bool) -> None:
        self.number = number
        self.branches = branches
        self.loop = loop

    @property
    def choices(self) -> int:
        return 3 if self.loop else 2


FIELDS = [
    "name: blue",
    "endpoint_name: scoring",
    "code_configuration:",
    "environment:",
    "environment_variables:",
    "instance_type: Standard_DS3_v2",
    "instance_count: 1",
]
INSIDE = {
    "code_configuration:": [["code: src", "code: other"], ["scoring_script: score.py"]],
    "environment:": [[f"image: {IMAGE}", "image: example.azurecr.io/own:1"]],
    "environment_variables:": [
        [f"{NAME}: requirements.txt", f"{NAME}: src/requirements.txt", f"{NAME}: missing.txt"],
        ["AZUREML_EXTRA_PYTHON_LIB_PATH: packages", "A: b", "A: 1", "DEBUG: yes"],
        ["AZUREML_EXTRA_REQUIRMENTS_TXT: requirements.txt", "WORKER_COUNT: 2", "B: c"],
        ["AML_APP_ROOT: /var/app", "C: d", "C:", "AZUREML_EXTRA_CONDA_YAML: conda.yml"],
    ],
}
TAGS = {
    "jinja": ("{% if x %}", "{% for x in y %}", "{%- else -%}", "{% endif %}", "{% endfor %}"),
    "go": ("{{- if .x }}", "{{ range .y }}", "{{ else }}", "{{- end }}", "{{ end }}"),
    "handlebars": ("{{#if x}}", "{{#each y}}", "{{else}}", "{{/if}}", "{{/each}}"),
    "erb": ("<% if x %>", "<% y.each do |x| %>", "<% else %>", "<% end %>", "<% end -%>"),
    "ytt": ("#@ if x:", "#@ for x in y:", "#@ else:", "#@ end", "#@ end"),
}


class Making:
    """One template, made with the help of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.tags = TAGS[self.chance.choice(sorted(TAGS))]
        self.blocks: list[Block] = []
        self.parts = self._wrapped([part for field in FIELDS for part in self._field(field)], 0.3)

    def _field(self, field: str) -> list[Part]:
        lines = INSIDE.get(field)
        if lines is None:
            return [field]
        chosen = [f"  {self.chance.choice(each)}" for each in lines]
        if field == "environment_variables:":
            self.chance.shuffle(chosen)
        inside: list[Part] = self._wrapped([*chosen], 0.5)
        return self._wrapped([field, *inside], 0.15)

    def _wrapped(self, parts: list[Part], likely: float) -> list[Part]:
        """Some parts with a block around a few of them, or around all."""
        if len(self.blocks) > 2 or self.chance.random() > likely:
            return parts
        tops = [0, *self._tops(parts), len(parts)]
        first, last = sorted(self.chance.choices(range(len(tops)), k=2))
        if self.chance.random() < 0.3:
            first, last = 0, len(tops) - 1
        first, last = tops[first], tops[last]
        if first == last:
            return parts
        loop = self.chance.random() < 0.25
        branches = [parts[first:last]]
        if not loop and self.chance.random() < 0.5:
            branches.append(self._other(parts[first:last]))
        block = Block(len(self.blocks), branches, loop=loop)
        self.blocks.append(block)
        return [*parts[:first], block, *parts[last:]]

    def _tops(self, parts: list[Part]) -> list[int]:
        """Where a part begins that is no deeper than the first."""
        return [
            index
            for index, part in enumerate(parts)
            if index and (isinstance(part, Block) or _depth(part) <= _depth(parts[0]))
        ]

    def _other(self, parts: list[Part]) -> list[Part]:
        """Another branch: with the same lines, or values of them changed, or others."""
        lines = [part for part in parts if isinstance(part, str)]
        if len(lines) < len(parts) or self.chance.random() < 0.2:
            return [" " * _depth(lines[0]) + "E: f"] if lines and _depth(lines[0]) else []
        deeper = "  " if _depth(lines[0]) and self.chance.random() < 0.2 else ""
        return [deeper + each.replace("src/", "").replace(": b", ": c") for each in lines]

    # ---- what is made --------------------------------------------------------------------------

    def template(self) -> str:
        return "".join(f"{line}\n" for line in self._template(self.parts))

    def _template(self, parts: list[Part]) -> Iterator[str]:
        opens, repeats, otherwise, ends, stops = self.tags
        for part in parts:
            if isinstance(part, str):
                yield part
                continue
            indent = " " * self.chance.choice([0, 2, 4])
            line = _only_line(part)
            if line is not None and self.tags is not TAGS["ytt"] and self.chance.random() < 0.3:
                yield " " * _depth(line) + opens + line.strip() + ends
                continue
            yield indent + (repeats if part.loop else opens)
            for number, branch in enumerate(part.branches):
                if number:
                    yield indent + otherwise
                yield from self._template(branch)
            yield indent + (stops if part.loop else ends)

    def files(self) -> Iterator[str]:
        """All that the template can become."""
        for chosen in product(*(range(block.choices) for block in self.blocks)):
            yield "".join(f"{line}\n" for line in _lines(self.parts, chosen))


def _only_line(block: Block) -> str | None:
    """The line that is all that a block may write."""
    first = block.branches[0]
    if block.loop or len(block.branches) > 1 or len(first) != 1 or isinstance(first[0], Block):
        return None
    return None if first[0].endswith(":") else first[0]


def _depth(part: Part) -> int:
    if isinstance(part, Block):
        return next((_depth(each) for each in part.branches[0]), 0)
    return len(part) - len(part.lstrip())


def _lines(parts: list[Part], chosen: tuple[int, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif part.loop:
            for _ in range(chosen[part.number]):
                yield from _lines(part.branches[0], chosen)
        elif chosen[part.number] < len(part.branches):
            yield from _lines(part.branches[chosen[part.number]], chosen)


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_what_is_said_of_a_template_is_true_of_a_file_that_it_makes(
    first: int, tmp_path: Path
) -> None:
    for name, text in (("score.py", "x = 1\n"), ("requirements.txt", "scipy==1.2.3\n")):
        for folder in ("src", "other"):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).write_text(text)
    for seed in range(first, first + 10):
        made = Making(seed)
        template = tmp_path / "template.yml"
        template.write_text(made.template())
        files = [tmp_path / f"file{number}.yml" for number, _ in enumerate(made.files())]
        for path, text in zip(files, made.files(), strict=True):
            path.write_text(text)
        said = _said(tmp_path, [template])
        true = _said(tmp_path, files)
        assert said <= true, (seed, made.template(), said - true)


def _said(folder: Path, paths: list[Path]) -> set[tuple[str, str]]:
    findings = check(folder, paths).findings
    return {(each.code, each.place.text) for each in findings if each.code != "AML901"}


# ---- one by one --------------------------------------------------------------------------------


def variables(lines: str, around: str = "{}") -> dict[str, object]:
    """The variables of a deployment by name: the value, or the reason why it is not known. ``...``
    stands for others that there may be."""
    text = around.format(f"{CLI_V2}environment_variables:\n{lines}instance_count: 1\n")
    [found] = read("/project/deployment.yml", text.encode()).deployments
    given: dict[str, object] = {
        each.name.value: each.value.value if isinstance(each.value, Known) else each.value.reason
        for each in found.variables.items
    }
    return {**given, "...": True} if found.variables.open is not None else given


DECIDED = "a template decides what is written here"

AROUND = [
    "{{% if x %}}\n{}{{% endif %}}\n",
    "{{%- for x in y -%}}\n---\n{}{{%- endfor -%}}\n",
    "{{% if x %}}\n{{% elif y %}}\n{}{{% else %}}\n{{% endif %}}\n",
    "{{% set x = 1 %}}\n{{% if x %}}\n{{% include 'a' %}}\n{}{{% endif %}}\n",
    "{{% block x %}}\n{}{{% endblock x %}}\n",
    "{{% unless x %}}\n{}{{% end %}}\n",
    "{{{{- if .x }}}}\n{}{{{{- end }}}}\n",
    "{{{{- with .x }}}}\n{{{{ range .y }}}}\n{}{{{{ end }}}}\n{{{{- end }}}}\n",
    "{{{{#if x}}}}\n{}{{{{/if}}}}\n",
    "{{{{#x}}}}\n{}{{{{/x}}}}\n{{{{^x}}}}\n{{{{/x}}}}\n",
    "<% if x %>\n{}<% end %>\n",
    "<% x.each do |y| %>\n{}<% end %>\n",
    "<% if (x) {{ %>\n{}<% }} else {{ %>\n<% }} %>\n",
    "#@ if x:\n{}#@ end\n",
    "#@ for y in x:\n---\n{}#@ end\n",
]


@pytest.mark.parametrize("around", AROUND)
def test_a_block_around_a_deployment_changes_nothing_in_it(around: str) -> None:
    assert variables("  A: b\n", around) == {"A": "b"}


SOMETIMES = {
    "  A: b\n  {% if x %}\n  C: d\n  {% endif %}\n": {"A": "b", "C": "d"},
    "  {% if x %}\n  A: b\n  {% else %}\n  C: d\n  {% endif %}\n": {"A": "b", "C": "d"},
    "  {% if x %}\n  A: b\n  {% else %}\n  A: c\n  {% endif %}\n": {"A": DECIDED},
    "  A: b\n  {% if x %}\n  A: c\n  {% endif %}\n": {"A": DECIDED},
    "  A: b\n  {% if x %}\n  C: d\n  {% endif %}\n  A: e\n": {"A": "e", "C": "d"},
    "  {% for x in y %}\n  A_{{ x }}: b\n  {% endfor %}\n  C: d\n": {"C": "d", "...": True},
    "  {% for x in y %}\n  {{ x }}\n  {% endfor %}\n  C: d\n": {"C": "d", "...": True},
    "  {{ x }}\n  A: b\n": {"A": "b", "...": True},
    "  A: b\n  {% include 'x' %}\n": {"A": "b", "...": True},
    "  A: b\n  {# if x #}\n  {% set y = 1 %}\n  {{- /* x */}}\n  {{ $x := 1 }}\n": {"A": "b"},
    f"  {{% if x %}}\n  {NAME}: r.txt\n  {{% endif %}}\n  A: b\n": {NAME: "r.txt", "A": "b"},
    f"  {NAME}: r.txt\n  {{% if x %}}\n  AML_APP_ROOT: /x\n  {{% endif %}}\n":
        {NAME: "r.txt", "AML_APP_ROOT": DECIDED},
    f"  {{% if x %}}\n  {NAME}: r.txt\n  {{% else %}}\n  AML_APP_ROOT: /x\n  {{% endif %}}\n":
        {NAME: DECIDED, "AML_APP_ROOT": DECIDED},
    "  {% filter upper %}\n  A: b\n  {% endfilter %}\n": {"A": DECIDED, "...": True},
    "  {% comment %}\n  A: b\n  {% endcomment %}\n  C: d\n": {"A": DECIDED, "C": "d", "...": True},
    "  {% if x %}\n  A: b\n  {% endfor %}\n  C: d\n": {"A": DECIDED, "C": "d", "...": True},
    "  #@ if/end x:\n  A: b\n  #@ if y:\n  C: d\n  #@ end\n":
        {"A": DECIDED, "C": DECIDED, "...": True},
    "  A: |\n    b\n    {% if x %}\n    c\n    {% endif %}\n  C: d\n": {"A": DECIDED, "C": "d"},
    "  A:\n  {% if x %}\n  C: d\n  {% endif %}\n": {"A": DECIDED, "C": "d"},
    "  A: # why\n    {{ x }}\n  C: d\n": {"A": DECIDED, "C": "d", "...": True},
    "  <<: {A: b}\n  {% if x %}\n  <<: {C: d}\n  {% endif %}\n":
        {"A": "b", "C": "d", "...": True},
    "  {% if x %}A: 'b'{% endif %}\n  C: d\n": {"C": "d", "...": True},
    "  {{#if x}}A: {{y}}{{else}}A: 'b'{{/if}}\n  C: d\n": {"C": "d", "...": True},
    "  A:\n  {% if x %}\n    b\n  {% else %}\n    c\n  {% endif %}\n": {"A": "b", "...": True},
    "  {% if x %}\n  A: b\n  {% elif y %}\n    A: c\n  {% else %}\n      D: e\n  {% endif %}\n":
        {"A": "b", "...": True},
    "  {% if x %}\n  A: b {% endif %}\n  C: d\n": {"A": "it is filled in by a template", "C": "d"},
}  # fmt: skip


@pytest.mark.parametrize("lines", SOMETIMES)
def test_what_a_block_leaves_certain_of_variables(lines: str) -> None:
    assert variables(lines) == SOMETIMES[lines]


def test_branches_that_hold_a_deployment_each_are_several() -> None:
    text = f"{CLI_V2}environment_variables: {{A: b}}\n"
    for tags in (
        "{{% if x %}}\n{}{{% else %}}\n{}{{% endif %}}\n",
        "#@ if x:\n{}#@ else:\n{}#@ end\n",
    ):
        both = tags.format(text, text.replace("blue", "green"))
        found = read("/project/deployment.yml", both.encode()).deployments
        names = [each.name.value for each in found if isinstance(each.name, Known)]
        assert names == ["blue", "green"]
        assert all(each.variables.open is None for each in found)


def test_what_a_block_leaves_out_of_the_code_is_not_known() -> None:
    text = CLI_V2.replace("  code: src\n", "  {% if x %}\n  code: src\n  {% endif %}\n")
    [found] = read("/project/deployment.yml", text.encode()).deployments
    assert isinstance(found.source_directory, Unknown)
    assert isinstance(found.entry_script, Known)
