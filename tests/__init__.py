"""The tests: one for each promise, named as a sentence."""
