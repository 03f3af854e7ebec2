"""pip accepts a line, and ignores it.

## What it does

Reports what pip skips without a word:

* a YAML bullet, `- scipy==1.2.3`: pip takes the dash for an option without a name;
* the line after a comment that ends in a backslash, which belongs to that comment;
* options behind a requirement: there only `--hash` and `--config-settings` count, so
  `scipy -c constraints.txt` constrains nothing;
* a `--hash` that belongs to no requirement, because the line above lacks its backslash;
* all but the first `-r`, `-c`, `-e` or `-f` of one line, and words behind them;
* a whole file that asks for no package, if a deployment installs it. That is a warning where it is
  empty: the container has all that was asked for. One with a comment is taken to say that there is
  nothing to install.

## Why it matters

pip ends with status 0, the container starts, and the package is not there:

    ModuleNotFoundError: No module named 'scipy'

## Example

```text
- scipy==1.2.3
-r base.txt -r extra.txt
```

## Use instead

```text
scipy==1.2.3
-r base.txt
-r extra.txt
```

## Fix safety

The fix is safe: it deletes the bullet of a line that is a valid requirement without it. For the
other cases there is none.

## Source

pip 20.2 to 26.3 (`req_file.handle_option_line`, `preprocess`), each tried.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..findings import Edit, Fix, Related, Report, Severity
from ..line_problems import Cause
from ..requirements.credentials import hidden
from ..requirements.records import Include, Nothing, OptionLine, Requirement, Swallowed
from .requirements_wording import named, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..installation import Installation
    from ..line_problems import Line, Survey
    from ..requirements.records import Option

SEVERITY = Severity.ERROR
FIX = "safe"

_COMMENT = re.compile(r"(?:^|\s)#[^\S\r\n]*(?!aml-preflight:)[^\s#]")
"""One for people."""

_FOLLOWS_NO_INDEX = ("--index-url", "--extra-index-url")


def check_survey(survey: Survey) -> Iterator[Report]:
    previous: Line | None = None
    for line in survey.lines:
        entry = line.entry
        if isinstance(entry, Nothing):
            yield _nothing(survey, line, entry)
        elif isinstance(entry, Swallowed):
            yield _swallowed(survey, line, entry)
        elif _is_hash_only(line) and previous is not None and _is_broken_off(previous):
            pass  # one backslash is missing, and that is reported already
        elif isinstance(entry, (Requirement, Include, OptionLine)) and line.cause is None:
            yield from _ignored(survey, line, entry)
        previous = line
    if survey.installation.deployment is not None and _is_empty(survey):
        pinned = any(line.file.constraint and line.requirement for line in survey.lines)
        yield _empty(survey.installation, None if pinned else Severity.WARNING)


# ---- whole lines -----------------------------------------------------------------------------


def _nothing(survey: Survey, line: Line, entry: Nothing) -> Report:
    inner = entry.inner
    if entry.bullet is None or entry.rest is None:
        return Report(
            survey.place(line, entry.span),
            f"pip ignores {quoted(' '.join(word.text for word in entry.dropped))}, and ends with "
            "status 0",
            help="delete the dash, or write what was meant on a line of its own",
        )
    fix = None
    what = quoted(entry.rest.text)
    if isinstance(inner, Requirement):
        what = named(inner)
        document = survey.installation.document(line.file)
        if not inner.refusals and document.exact:
            edit = Edit(survey.place(line, entry.bullet), "")
            fix = Fix("delete the bullet", (edit,), safe=True)
    return Report(
        survey.place(line, entry.bullet),
        f"pip ignores a line that begins with a dash and a blank: {what} {_lost(line)}, and pip "
        "ends with status 0",
        help=f"delete the bullet: {hidden(entry.rest.text)}" if fix else "delete the bullet",
        fix=fix,
    )


def _lost(line: Line) -> str:
    return "constrains nothing" if line.file.constraint else "is not installed"


def _swallowed(survey: Survey, line: Line, entry: Swallowed) -> Report:
    what = f"{quoted(entry.text)} is ignored"
    if isinstance(entry.inner, Requirement):
        what = f"{named(entry.inner)} {_lost(line)}"
    return Report(
        survey.place(line, entry.span),
        f"this line belongs to the comment before it, which ends in a backslash: {what}, and pip "
        "ends with status 0",
        help="delete the backslash at the end of the comment",
        related=(Related(survey.place(line, entry.backslash), "the comment goes on here"),),
    )


# ---- parts of lines --------------------------------------------------------------------------


def _ignored(
    survey: Survey, line: Line, entry: Requirement | Include | OptionLine
) -> Iterator[Report]:
    no_index = isinstance(entry, OptionLine) and any(
        option.name == "--no-index" for option in entry.options
    )
    for option in entry.ignored:
        if no_index and option.name in _FOLLOWS_NO_INDEX:
            continue  # which is what --no-index says
        yield _ignored_option(survey, line, entry, option)
        if _is_hash_only(line):
            return
    words = [word for word in entry.dropped if word.text != "-"]
    if words:
        text = quoted(" ".join(word.text for word in words))
        yield Report(
            survey.place(line, (words[0].span.start, words[-1].span.end)),
            f"pip ignores {text}: what stands loose behind an option is skipped without a message",
            help="write it on a line of its own",
        )


def _ignored_option(
    survey: Survey, line: Line, entry: Requirement | Include | OptionLine, option: Option
) -> Report:
    text = quoted(survey.place(line, option.span).text)
    advice = "write it on a line of its own"
    if option.name == "--hash" and isinstance(entry, OptionLine):
        why = "it belongs to no requirement"
        advice = "end the line of its requirement, above, with a blank and a backslash"
    elif option.name == "--hash":
        why = "an editable requirement, or an included file, has no hash"
        advice = "delete it"
    elif isinstance(entry, Requirement):
        package = named(entry)
        why = f"behind a requirement, here {package}, only --hash and --config-settings count"
    elif isinstance(entry, Include):
        why = f"on the line that includes {quoted(entry.target.text)} nothing else counts"
    else:
        why = "one such option counts on a line"
    return Report(survey.place(line, option.span), f"pip ignores {text}: {why}", help=advice)


def _is_broken_off(line: Line) -> bool:
    return line.cause is Cause.INVALID or _is_hash_only(line)


def _is_hash_only(line: Line) -> bool:
    if not isinstance(line.entry, OptionLine) or line.entry.options:
        return False
    return any(option.name == "--hash" for option in line.entry.ignored)


# ---- whole files -----------------------------------------------------------------------------


def _is_empty(survey: Survey) -> bool:
    """Whether all files could be read, and none of them asks for anything, or says why not."""
    files = list(survey.installation.each_file())
    if survey.installation.tree.problems or len(files) != len(survey.files):
        return False
    if any(line.cause is Cause.INVALID for line in survey.lines):
        return False
    texts = [survey.installation.document(file).text for file in files if not file.constraint]
    if any(map(_COMMENT.search, texts)):
        return False
    return all(
        line.file.constraint or isinstance(line.entry, (Include, OptionLine))
        for line in survey.lines
    )


def _empty(installation: Installation, severity: Severity | None) -> Report:
    root = installation.files[0]
    text = installation.document(root).text
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    span = (0, 0) if start == len(text) else (start, len(text) if end < 0 else end)
    place = installation.place(root, span)
    return Report(
        place.part(0, len(place.text.rstrip())),
        "the container would install nothing from this file, and pip ends with status 0",
        help="write the packages that the score script needs, or a comment that there are none, or "
        "take the variable out",
        severity=severity,
    )
