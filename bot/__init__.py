"""What understands a message: one library for the Rasa pipeline, the command line and the tests.

spaCy does tokens, terms and spans; numbers, exponents, units, comparators and Chinese numerals are
parsed on the raw text. Nothing here decides anything medical, and nothing is invented: a unit, a
date or a person that was not written stays absent, and what is ambiguous says so.
"""
