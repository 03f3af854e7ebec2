"""Notebooks: their cells, and what is in them as programs, commands and files."""
