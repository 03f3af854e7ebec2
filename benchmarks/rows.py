"""The rows of the table: what is measured, against what, and the aim."""

from __future__ import annotations

import shutil
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from . import rivals
from .deployments import Project
from .measure import BenchmarkError, Command
from .tools import Environment, clean_environment, find, project_environment, tool_environment
from .trees import Tree, commit, make_tree, material, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NEEDLE = "InferenceConfig"
_PARSE = "import sys, libcst; libcst.parse_module(open(sys.argv[1], 'rb').read())"
_PRE_COMMIT = """\
repos:
- repo: local
  hooks:
  - id: measured
    name: measured
    entry: {entry}
    language: system
    files: '(?i)\\.(py|ipynb|md|yml|yaml|json|sh|env|txt|in|pip|reqs|list)$'
    types: [file]
    require_serial: true
"""


class Row(NamedTuple):
    """A comparison. ``limit`` is how many times the reference's time ours may take at most or, if
    ``faster``, how many times faster it has to be at least."""

    work: str
    against: str
    ours: Command
    reference: Command
    limit: float
    faster: bool = False
    largest: int | None = None
    """Where memory is an aim too: the size of the largest file."""

    @property
    def aim(self) -> str:
        if self.faster:
            return f"at least {self.limit:g} times faster"
        return f"at most {self.limit:g} times"


class Bench:
    """What the rows are made of, made when a row asks for it."""

    def __init__(self, work: Path, *, quick: bool) -> None:
        self.work = work
        self.many = 1_000 if quick else 10_000
        self.variables = clean_environment()

    @cached_property
    def project(self) -> Environment:
        return project_environment(self.work)

    @cached_property
    def pre_commit(self) -> Environment:
        return tool_environment(self.work, "pre-commit")

    @cached_property
    def fixit(self) -> Environment:
        return tool_environment(self.work, "fixit")

    @cached_property
    def semgrep(self) -> Environment:
        return tool_environment(self.work, "semgrep")

    @cached_property
    def rg(self) -> str:
        found = find("rg")
        if found is None:
            raise BenchmarkError("ripgrep is not installed")
        return found

    @cached_property
    def git_tree(self) -> Tree:
        return self.tree("nothing", self.many)

    def tree(
        self,
        name: str,
        files: int,
        projects: tuple[Project, ...] = (),
        *,
        git: bool = True,
        mixed: bool = False,
    ) -> Tree:
        """A tree of this name in the work folder."""
        root = self.work / "trees" / f"{name}-{files}"
        return make_tree(root, files, projects, git=git, mixed=mixed)

    def command(
        self,
        name: str,
        folder: Path,
        *argv: str,
        statuses: tuple[int, ...] = (0,),
        proof: Callable[[str], bool] | None = None,
    ) -> Command:
        return Command(name, argv, folder, self.variables, frozenset(statuses), proof)

    def check(self, folder: Path, *arguments: str, nothing_in: int | None = None) -> Command:
        """``aml-preflight check`` where it finds nothing: in that many files, if there is nothing
        for it at all."""
        argv = (self.project.script("aml-preflight"), "check", *arguments)
        noun = "file" if nothing_in == 1 else "files"
        said = f"Nothing for aml-preflight in {nothing_in} {noun}."
        proof = _says(said) if nothing_in is not None else _does_not_say("Nothing for")
        return self.command("aml-preflight", folder, *argv, proof=proof)

    def search(self, tree: Tree) -> Command:
        """ripgrep over a tree."""
        found = len(tree.projects)
        argv = (self.rg, "-l", "-F", _NEEDLE)
        status = 0 if found else 1
        return self.command(
            "rg", tree.root, *argv, statuses=(status,), proof=_has_lines("deploy.py", found)
        )


def one_file(bench: Bench) -> Iterator[Row]:
    """One file with nothing for us."""
    folder = bench.work / "one"
    folder.mkdir(parents=True, exist_ok=True)
    source = next(path for path in material() if path.name == "dataclasses.py")
    shutil.copyfile(source, folder / source.name)
    python = bench.command("python", folder, bench.project.python, "-c", "pass")
    ours = bench.check(folder, "--changed", source.name, nothing_in=1)
    yield Row("one file, nothing for us", "`python -c pass`", ours, python, 1.15)


def one_deployment(bench: Bench) -> Iterator[Row]:
    """One deployment file of 100 lines, nothing wrong with it."""
    for name, title in (
        ("requirements", "deployment of 100 lines with a requirements file"),
        ("plain", "the same without a requirements file"),
    ):
        project = Project("", f"{name}-service", requirements=name == "requirements")
        tree = bench.tree(f"deployment-{name}", 2, (project,))
        parse = bench.command("libcst", tree.root, bench.project.python, "-c", _PARSE, "deploy.py")
        ours = bench.check(tree.root, "--changed", "deploy.py")
        yield Row(title, "importing libcst and parsing that file", ours, parse, 1.25)


def pre_commit(bench: Bench) -> Iterator[Row]:
    """The hook within pre-commit, on staged files with nothing for us."""
    for count in (1, 20):
        root = bench.work / "pre-commit-repositories" / f"staged-{count}"
        _stage_files(bench, root, count)
        noun = "file" if count == 1 else "files"
        ours, true = (
            _pre_commit_run(bench, root, f"{name}.yaml") for name in ("aml-preflight", "true")
        )
        yield Row(f"`pre-commit run`, {count} {noun}", "a hook that runs `true`", ours, true, 1.25)


def trees(bench: Bench) -> Iterator[Row]:
    """Many files with nothing for us, and with one deployment in a hundred files."""
    many = bench.many
    outside = bench.tree("nothing-outside-git", many, git=False)
    some = bench.tree("one-percent", many, _projects(many // 100))
    forms = bench.tree("nothing-all-forms", many, mixed=True)
    for title, tree, limit in (
        ("nothing for us", bench.git_tree, 3),
        ("nothing for us, not in git", outside, 3),
        ("nothing for us, Python, YAML, notebooks and more", forms, 3),
        ("1 % deployments", some, 10),
    ):
        ours = bench.check(tree.root, ".", nothing_in=None if tree.projects else many)
        yield Row(
            f"{many:,} files, {title}", f"`rg -l -F {_NEEDLE}`", ours, bench.search(tree), limit,
            largest=tree.largest,
        )  # fmt: skip


def growth(bench: Bench) -> Iterator[Row]:
    """Five times as many files."""
    small = bench.git_tree
    large = bench.tree("nothing", 5 * bench.many)
    ours, reference = (
        bench.check(tree.root, ".", nothing_in=tree.files) for tree in (large, small)
    )
    yield Row(f"{large.files:,} files", f"itself on {small.files:,}", ours, reference, 5.5)


def fixit(bench: Bench) -> Iterator[Row]:
    """One equal rule, against Fixit."""
    yield from _equal_rule(bench, "Fixit", 25, _fixit_lint)


def semgrep(bench: Bench) -> Iterator[Row]:
    """One equal rule, against semgrep."""
    yield from _equal_rule(bench, "semgrep", 10, _semgrep_scan)


ROWS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "file": one_file,
    "deployment": one_deployment,
    "pre-commit": pre_commit,
    "trees": trees,
    "growth": growth,
    "fixit": fixit,
    "semgrep": semgrep,
}
OPTIONAL = ("semgrep",)
"""Rows that are left out unless they are asked for: what they install is big."""


def _equal_rule(
    bench: Bench, name: str, limit: int, rival: Callable[[Bench, Tree, tuple[str, ...]], Command]
) -> Iterator[Row]:
    # A deployment has a score script beside it, so the first tree holds 200 files of Python.
    all_of_them = bench.tree("equal-rule/all", 200, _projects(100, forgotten=10))
    few = bench.tree("equal-rule/few", 100, _projects(5, forgotten=1))
    for title, tree, paths in (
        ("100 deployments", all_of_them, all_of_them.scripts),
        ("100 files, 5 of them deployments", few, (".",)),
    ):
        ours = bench.command(
            "aml-preflight",
            tree.root,
            bench.project.script("aml-preflight"),
            *("check", "--select", "AML207", "--output-format", "concise", *paths),
            statuses=(1,),
            proof=_has_lines("AML207", tree.forgotten),
        )
        theirs = rival(bench, tree, paths)
        yield Row(f"{title}, one equal rule", name, ours, theirs, limit, faster=True)


def _fixit_lint(bench: Bench, tree: Tree, paths: tuple[str, ...]) -> Command:
    rivals.write_fixit_rule(tree.root.parent)
    argv = (bench.fixit.script("fixit"), "lint", *paths)
    proof = _has_lines("MissingSourceDirectory", tree.forgotten)
    return bench.command("Fixit", tree.root, *argv, statuses=(1,), proof=proof)


def _semgrep_scan(bench: Bench, tree: Tree, paths: tuple[str, ...]) -> Command:
    rule = tree.root.parent / "semgrep-rule.yaml"
    rivals.write_semgrep_rule(rule)
    argv = (
        bench.semgrep.script("semgrep"),
        *("scan", "--metrics=off", "--disable-version-check", "--emacs", "--quiet"),
        *("--config", str(rule), *paths),
    )
    proof = _has_lines("missing-source-directory", tree.forgotten)
    return bench.command("semgrep", tree.root, *argv, proof=proof)


def _projects(count: int, forgotten: int = 0) -> tuple[Project, ...]:
    """Deployments in folders of their own; some of them forgot their source directory."""
    return tuple(
        Project(f"services/s{number:03}", f"service-{number:03}", forgotten=number < forgotten)
        for number in range(count)
    )


def _stage_files(bench: Bench, root: Path, count: int) -> None:
    """A new repository with two configurations committed and some files staged."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    entries = {"aml-preflight": f"{bench.project.script('aml-preflight')} check --changed"}
    entries["true"] = find("true") or "true"
    for name, entry in entries.items():
        (root / f"{name}.yaml").write_text(_PRE_COMMIT.format(entry=entry), encoding="utf-8")
    commit(root)
    sources = [path for path in material() if path.parent.name == "asyncio"][:count]
    for source in sources:
        shutil.copyfile(source, root / source.name)
    stage(root)


def _pre_commit_run(bench: Bench, root: Path, configuration: str) -> Command:
    argv = (bench.pre_commit.script("pre-commit"), "run", "--config", configuration)
    store = str(bench.work / "pre-commit-store")
    command = bench.command("pre-commit", root, *argv, proof=_says("Passed"))
    return command._replace(environment={**bench.variables, "PRE_COMMIT_HOME": store})


def _says(text: str) -> Callable[[str], bool]:
    return lambda output: text in output


def _does_not_say(text: str) -> Callable[[str], bool]:
    return lambda output: text not in output


def _has_lines(word: str, count: int) -> Callable[[str], bool]:
    """Whether that many lines of the output hold a word."""
    return lambda output: sum(word in line for line in output.splitlines()) == count
