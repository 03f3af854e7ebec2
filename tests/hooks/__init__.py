"""The hooks, run by the real pre-commit in real repositories."""
