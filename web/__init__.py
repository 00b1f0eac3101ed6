"""Pages over the library. Knows nothing of Whoosh."""
