"""Jupyter notebooks: cells as one program, magics, and the files that cells write."""
