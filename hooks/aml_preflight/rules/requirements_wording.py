"""What the rules on requirements files share: which rule speaks of which line, and in what words.

One cause gives one finding, so the order of precedence is decided here, once: a file of another
format belongs to AML311 alone; a line that pip refuses to AML303; a path of another machine to
AML307 before AML302; and only what is left can be unpinned.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from ..document import Place
from ..requirements.credentials import VARIABLE, find_secrets
from ..requirements.decoding import Decoded
from ..requirements.includes import MISSING, constraint_problem
from ..requirements.lines import logical_lines, swallowed_lines
from ..requirements.markers import evaluate
from ..requirements.records import (
    ABORTS_INSTALL,
    PATH,
    Include,
    Invalid,
    Nothing,
    OptionLine,
    Refusal,
    Requirement,
    Span,
    Swallowed,
    Unknown,
)
from .requirements_formats import Misread, misread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..installation import Installation
    from ..requirements.includes import IncludedFile
    from ..requirements.records import Entry
