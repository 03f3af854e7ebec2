"""The commands: ``check``, ``boot`` and ``rule``. Each takes parsed arguments and returns the exit
status: 0 nothing to do, 1 findings or a diff, 2 a usage, configuration or internal error."""
