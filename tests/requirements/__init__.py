"""Requirements files: recorded answers of pip, pip itself, and properties."""
