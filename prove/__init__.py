"""The slow proof: wrong tables are noticed, people are asked little, and nothing told is lost.

``python -m prove`` (or ``make prove``) prints tables and ends with an error if anything is unproved;
``python -m prove PART`` runs one part.

tables
    Every cell, outcome and row of every decision table is made wrong in turn. A wrong table must be
    noticed by boundary cases whose answers come from the naive reader of the right text. What is not
    noticed must be shown to mean the same: exactly, over the cells of both. And records made of
    random damage: only an ``EngineError`` may come out.
questions
    How many questions the cases beside the rulebook take from an empty record to their answer.
understanding
    Cross-validation of the intents, English and Chinese apart.
crashes
    Rasa and the action server are killed while people talk. Nothing acknowledged may be lost, and no
    fact may be invented or there by half.
"""
