"""Dockerfiles that extend an image."""
