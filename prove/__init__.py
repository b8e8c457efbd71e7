"""The slow proof: how many wrong tables the tests would notice, and that bad input never crashes.

``python -m prove`` (or ``make prove``) prints a table and ends with an error if anything is unproved.

mutation
    Every cell, outcome and row of every decision table is made wrong in turn. A wrong table must be
    noticed by boundary cases whose answers come from the naive reader of the right text. What is not
    noticed must be shown to mean the same: exactly, over the cells of both.
fuzz
    Records made of random damage. Only an ``EngineError`` may come out.
"""
