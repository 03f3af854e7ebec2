"""Requirements files, read as pip reads them, with a place for every part.

The rooms, from bytes to verdict:

``decoding``      bytes to text as pip decodes
``lines``         text to logical lines, each character with its place in the text
``words``         the shell-like splitting of options, each character with its place
``options``       the options that pip knows in requirements files, by pip version
``placed``        pieces of a line that still know where they stand
``requirement``   one requirement taken apart, with ``plain`` (the simplest, without ``packaging``),
                  ``links`` (URLs), ``legacy`` (pips before 24.1) and ``explain`` (why it is
                  refused); ``reading`` is what these give
``refusals``      which pips refuse a line, and what that means for an image
``reader``        ``read(text)``: the entries of one file
``includes``      ``follow(path, load)``: a file and all that it includes
``records``       what the rooms hand to each other: named tuples, no behaviour to speak of

and what can be asked of the result:

``pins``          how firmly a requirement is pinned
``markers``       environment markers, evaluated for a given target only
``credentials``   where a text carries credentials
``foreign``       packages of other systems, and paths of other machines
``formats``       what a file is that is no requirements file

Offsets are code points of the decoded text, counted from 0, ends exclusive. Importing this package
or ``records`` loads nothing but ``typing``; ``packaging`` comes in with the rooms that need it.
"""
