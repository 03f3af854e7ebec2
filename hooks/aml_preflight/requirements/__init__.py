"""Requirements files, read as pip reads them, with a place for every part.

The rooms, from bytes to verdict:

``decoding``      bytes to text as pip decodes, and text back to the same bytes
``lines``         text to logical lines, each character with its place in the text
``words``         the shell-like splitting of options, each character with its place
``options``       the options that pip knows in requirements files, by pip version
``reader``        ``read(text)``: the entries of one file
``pins``          how firmly a requirement is pinned
``markers``       environment markers, evaluated for a given target only
``includes``      ``follow(path, load)``: a file and all that it includes
``records``       what the rooms hand to each other: named tuples, no behaviour to speak of

Offsets are code points of the decoded text, counted from 0, ends exclusive. Importing this package
or ``records`` loads nothing but ``typing``; ``packaging`` comes in with the rooms that need it.
"""
