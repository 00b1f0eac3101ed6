"""Lighthouse, pinned, as a command of developers."""
