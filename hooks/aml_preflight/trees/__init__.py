"""YAML and JSON text as trees whose every node knows where it is written."""
