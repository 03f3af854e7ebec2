"""Reads them: fences by the readers of their languages, and the names in what is written around.

Documentation is written for people. A fence that is not in the language that it claims to be in is
passed over, and what stands in an example for the reader's own value is unknown.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from ..document import Document, Embedded, Language, Place
from ..facts import FileFacts, WrittenFile
from ..forms import DOCKERFILE, ENV_FILE, JSON, MARK, MOST_BYTES, PYTHON, SHELL, YAML, may_deploy
from ..values import Unknown
from . import listings, python_text
from .counter_examples import is_counter_example, shows_alternatives
from .denials import is_history
from .info import Kind
from .masking import Mapped
from .mentions import mentions
from .programs import Code, is_fragment, programs
from .shown_files import shown

if TYPE_CHECKING:
    from ..values import Known
    from .blocks import Blocks, Fence

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FORMS = {
    Kind.YAML: (Language.YAML, YAML),
    Kind.JSON: (Language.JSON, JSON),
    Kind.SHELL: (Language.SHELL, SHELL),
    Kind.CONSOLE: (Language.SHELL, SHELL),
    Kind.DOCKERFILE: (Language.DOCKERFILE, DOCKERFILE),
    Kind.ENV_FILE: (Language.ENV_FILE, ENV_FILE),
}
_OURS = re.compile(
    r"ML_EXTRA|aml-preflight:|scoring_script|entry_?script|endpoint_name|online_?deployment", re.I
)
"""Some of it is in YAML or JSON that is for a deployment: of ``environment_variables:`` alone, as
pages show it, nobody knows what for."""
_MOST_FENCES = 1_000


def read(path: str, data: bytes) -> FileFacts:
    """The facts of a file; ``path`` is absolute. Never raises for what is in the file."""
    if len(data) > MOST_BYTES:
        document = Document(path, data[:1000].decode("utf-8", "replace"), exact=False)
        reason = f"it is larger than {MOST_BYTES // 1_000_000} MB"
        return FileFacts(document, trouble=(_at_start(document, reason),))
    bom, encoding = next((each for each in _MARKS if data.startswith(each[0])), (b"", "utf-8"))
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError:  # every byte is a character: what matters is ASCII in any case
        encoding, bom = "latin-1", b""
        text = data.decode(encoding)
    return read_document(Document(path, text, encoding, bom, language=Language.MARKDOWN))


def read_document(document: Document) -> FileFacts:
    """The facts of Markdown text, a page's or that of a cell."""
    from .blocks import TooManyBlocks, blocks

    try:
        found = blocks(document)
    except TooManyBlocks:
        reason = "it has more blocks than are followed"
        return FileFacts(document, trouble=(_at_start(document, reason),))
    return _Page(document, found).facts()


def _at_start(document: Document, reason: str) -> Unknown:
    return Unknown(reason, Place(document, document.line_span(1)))


class _Page:
    def __init__(self, document: Document, blocks: Blocks) -> None:
        self.document = document
        self.blocks = blocks
        self.wrong = {each.first for each in blocks.fences if self._is_wrong(each)}
        """Fences that nobody is to copy, by their first lines."""

        self.several = {each.first for each in blocks.fences if shows_alternatives(each)}
        """Fences that nobody is to copy as a whole: their names count as text."""

        self.embedded: list[Embedded] = []
        self.texts: dict[int, Embedded | None] = {}
        """By the first lines of the fences in our languages: the text that is read of them, or
        ``None`` where nothing can come of it, so that what is in the fence counts as text."""

    def facts(self) -> FileFacts:
        self._python()
        for fence in self.blocks.fences:
            if fence.first in self.wrong:
                continue
            kind = fence.kind
            if kind in _FORMS:
                self._other(fence, kind)
            elif kind is Kind.TEXT or kind is Kind.SETTINGS:
                self.texts[fence.first] = None
        self.embedded.sort(key=lambda each: Place(each, (0, 0)).origin.start)
        found = list(mentions(self.document, self.blocks, self._with_names()))
        inside = [(self._text_around(each), each) for each in found]
        return FileFacts(
            self.document,
            mentions=tuple(each for text, each in inside if text is None),
            embedded=tuple(self.embedded),
            mentions_in=tuple((text, each) for text, each in inside if text is not None),
            written=tuple(self._written()),
        )

    def _with_names(self) -> set[int]:
        """The fences whose names may count as text: those with a comment for us are examples of
        such comments, or silenced by them."""
        return {
            each.first
            for each in self.blocks.fences
            if each.first in self.texts and not any(MARK in line.text for line in each.lines)
        }

    def _is_wrong(self, fence: Fence) -> bool:
        return is_counter_example(fence) or is_history(self.document, self.blocks, fence.first)

    def _text_around(self, mention: Known[str]) -> Embedded | None:
        """The text, read by another reader, that a name stands in."""
        line = self.document.position(mention.place.start)[0] - 1
        fence = self.blocks.fence_at(line)
        return self.texts.get(fence.first) if fence and not fence.is_mark(line) else None

    def _content(self, fence: Fence) -> Mapped:
        text, pieces = fence.content(self.document)
        return Mapped(text, tuple(pieces))

    # ---- Python --------------------------------------------------------------------------------

    def _python(self) -> None:
        fences = [each for each in self.blocks.fences if each.kind is Kind.PYTHON]
        fences = fences[:_MOST_FENCES]
        codes = [self._code(fence, number) for number, fence in enumerate(fences)]
        for program in programs(codes):
            content = program.content
            silent = [each for each in program.fences if is_fragment(program, each)]
            speaks = any(MARK in each.content.text for each in program.fences)
            text = None
            if speaks or (
                len(silent) < len(program.fences) and may_deploy(PYTHON, _bytes(content))
            ):
                text = self._take(content, Language.PYTHON)
            for each in program.fences:
                is_text = each in silent and not speaks
                self.texts[fences[each.number].first] = None if is_text else text
        for fence, code in zip(fences, codes, strict=True):
            if (code is None or not code.meant) and fence.first not in self.wrong:
                self.texts[fence.first] = None

    def _code(self, fence: Fence, number: int) -> Code | None:
        """The program text of a fence; its shell commands are taken on the way."""
        content = python_text.plain(self._content(fence))
        done = python_text.parsed(content)
        if done is None:
            return None
        meant = fence.first not in self.wrong | self.several
        if done[0].text != content.text and meant:
            commands = python_text.shell_lines(content)
            if commands is not None and may_deploy(SHELL, _bytes(commands)):
                self._take(commands, Language.SHELL)
        if "azure" in content.text or "ML_EXTRA" in content.text or "vironment" in content.text:
            done = python_text.without_prose(done[0])
        return Code(done[0], number, done[1], meant) if done is not None else None

    # ---- the rest ------------------------------------------------------------------------------

    def _other(self, fence: Fence, kind: Kind) -> None:
        language, form = _FORMS[kind]
        content = self._content(fence)
        if kind is Kind.CONSOLE or kind is Kind.SHELL:
            content = listings.commands(content, always=kind is Kind.CONSOLE)
        if kind is not Kind.ENV_FILE:
            content = listings.without_placeholders(content, language)
        is_config = language in (Language.YAML, Language.JSON)
        ours = not is_config or _OURS.search(content.text) is not None
        taken = ours and fence.first not in self.several and may_deploy(form, _bytes(content))
        self.texts[fence.first] = self._take(content, language) if taken else None

    def _take(self, content: Mapped, language: Language) -> Embedded:
        self.embedded.append(content.embedded(self.document, language))
        return self.embedded[-1]

    # ---- whole files ---------------------------------------------------------------------------

    def _written(self) -> list[WrittenFile]:
        """Requirements files that the page shows under their names."""
        if isinstance(self.document, Embedded):  # a cell: nothing says where it would be
            return []
        found: dict[str, list[Mapped | None]] = {}
        for fence in self.blocks.fences:
            file = shown(fence, self._content(fence)) if fence.first not in self.wrong else None
            if file is not None:
                found.setdefault(file.name, []).append(file.content)
        # Of a file that is shown in several ways nobody knows which one counts.
        return [
            WrittenFile(name, content.embedded(self.document, Language.REQUIREMENTS))
            for name, (content, *others) in found.items()
            if content is not None and not others
        ]


def _bytes(content: Mapped) -> bytes:
    return content.text.encode("utf-8", "surrogatepass")
