"""What no linter can see. Each module is one gate: ``violations(root)`` reads a tree and says what is wrong in it.

A gate takes the root of a tree so that a planted fault can be shown to it (tests/faults/test_planted.py).
"""
