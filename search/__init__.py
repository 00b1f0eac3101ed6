"""The library of practices and its index. Knows nothing of HTTP."""
