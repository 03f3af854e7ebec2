"""YAML and JSON files: deployments of CLI v2, configurations of CLI v1, environments."""
