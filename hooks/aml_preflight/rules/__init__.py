"""The rules: one module each, whose docstring is the rule's page.

A module is called after its rule: ``aml201_path_repeats_source_directory`` is AML201, also called
``path-repeats-source-directory``. It holds

* its docstring: one summary line, then the page's sections;
* ``SEVERITY``, and ``FIX``: ``"safe"``, ``"unsafe"`` or ``None``;
* ``INSTALL_FAILS = True`` if its errors say that pip ends with an error, and so the container with
  exit code 95;
* the functions by which it looks, each taking one subject and yielding ``Report``s. The 9xx rules
  have none: what they report is found by the machinery itself.

The subjects are made in ``subjects``:

``check_installation(Installation)``  a requirements file with what it includes, as text
``check_survey(Survey)``              the same as judged lines, each with its cause
``check_variables(Settings)``         the variables of a deployment or an environment
``check_ignored(IgnoredVariables)``   variables given where the SDK drops or rejects them
``check_other(OtherUse)``             variables of what is no online deployment
``check_mention(Known[str])``         the name of a variable in the text of a page
``check_script(ScriptProblem)``       a score script that is not uploaded, or its folder
``check_path(PathProblem)``           a path that leads nowhere, with its cause
``check_deployment(Deployment)``      all of a deployment

The first two are looked at before the others: then it is known whether the install passes.

``wording`` and ``requirements_wording`` hold what several rules say in the same words, and the
fixes that they share; ``readership`` tells which variables uploaded code may read itself.

``MODULES`` lists them in the order of their codes, ``ADVICE`` the codes of those whose severity is
"info": they report only to those who ask for them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ..findings import Finding, Severity

if TYPE_CHECKING:
    from types import ModuleType

    from ..findings import Report

MODULES = (
    "aml101_misspelled_variable",
    "aml102_shadowed_variable",
    "aml104_ignored_environment_variables",
    "aml105_variable_set_too_late",
    "aml107_non_string_value",
    "aml108_reserved_variable",
    "aml109_variable_without_effect",
    "aml110_obsolete_variable",
    "aml111_duplicate_variable",
    "aml201_path_repeats_source_directory",
    "aml202_requirements_file_not_found",
    "aml203_library_path_not_found",
    "aml204_conda_file_not_found",
    "aml205_absolute_path",
    "aml206_malformed_path",
    "aml207_missing_source_directory",
    "aml208_entry_script_not_found",
    "aml209_source_directory_reassigned",
    "aml211_path_outside_code",
    "aml212_untracked_path",
    "aml213_entry_script_leading_slash",
    "aml301_unpinned_requirement",
    "aml302_local_path_requirement",
    "aml303_invalid_requirement",
    "aml304_silently_ignored_requirement",
    "aml307_platform_specific_requirement",
    "aml308_secret_in_requirements",
    "aml309_conflicting_requirements",
    "aml310_partially_hashed",
    "aml311_wrong_file_format",
    "aml312_missing_include",
    "aml901_unreadable_file",
    "aml902_unknown_rule",
    "aml903_unused_suppression",
    "aml904_expired_suppression",
    "aml905_malformed_suppression",
    "aml906_internal_error",
)

ADVICE = frozenset({"AML110"})
"""Kept here so that nobody has to import the rules to know which of them are asked for."""


class Rule:
    """A rule by its code and name; its module is imported when something asks for more."""

    __slots__ = ("_module", "code", "module_name", "name")

    def __init__(self, module_name: str) -> None:
        code, _, name = module_name.partition("_")
        self.code = code.upper()
        self.name = name.replace("_", "-")
        self.module_name = module_name
        self._module: ModuleType | None = None

    @property
    def module(self) -> ModuleType:
        if self._module is None:
            self._module = import_module(f"{__name__}.{self.module_name}")
        return self._module

    @property
    def severity(self) -> Severity:
        severity: Severity = self.module.SEVERITY
        return severity

    @property
    def fix(self) -> str | None:
        """``"safe"``, ``"unsafe"`` or ``None``: what kind of fix the rule offers."""
        fix: str | None = self.module.FIX
        return fix

    @property
    def install_fails(self) -> bool:
        """Whether its errors say that pip ends with an error."""
        return getattr(self.module, "INSTALL_FAILS", False)

    @property
    def page(self) -> str:
        """The rule's page, in Markdown."""
        return (self.module.__doc__ or "").strip() + "\n"

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0]

    def finding(self, report: Report) -> Finding:
        """A report of this rule, as the user gets to see it."""
        return Finding(
            self.code,
            self.name,
            report.severity or self.severity,
            report.place,
            report.message,
            report.help,
            report.related,
            report.fix,
        )

    def __repr__(self) -> str:
        return f"<Rule {self.code}>"


RULES = tuple(Rule(module) for module in MODULES)
BY_CODE = {rule.code: rule for rule in RULES}
BY_NAME = {rule.name: rule for rule in RULES}


def find(word: str) -> Rule | None:
    """The rule of a code or a name, in upper or lower case, or ``None``."""
    return BY_CODE.get(word.upper()) or BY_NAME.get(word.lower())


def unknown(word: str) -> str:
    """What to say of a word that is no rule, with the one that it resembles most, if any."""
    near = nearest(word)
    hint = f"; did you mean {near.code} ({near.name})?" if near is not None else ""
    return f"there is no rule {word!r}{hint}"


def nearest(word: str) -> Rule | None:
    """The rule that a misspelt code or name resembles most, if any does."""
    import difflib

    close = difflib.get_close_matches(word.lower(), BY_NAME, 1, 0.6)
    if close:
        return BY_NAME[close[0]]
    close = difflib.get_close_matches(word.upper(), BY_CODE, 1, 0.8)
    return BY_CODE[close[0]] if close else None
