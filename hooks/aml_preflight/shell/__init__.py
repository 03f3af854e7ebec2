"""Shell scripts, console listings and env files: what they give to a container."""
