"""Markdown pages: their fences and what they say of variables in running text."""
