"""The gates: one file each, deterministic, usable alone. A gate says what differs or what limits; it decides no verdict.

Text against text, or text against an article; what a gate finds it returns as `Difference`s or as values of its own, with exact
offsets. No input makes a gate raise.
"""
