"""A package that stands for those of a mounted folder."""
