"""Benchmarks: our engine and our pages against peers, in the same run. README.md says how to read them."""
