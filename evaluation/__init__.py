"""How well messages like those of real people are understood: ``python -m evaluation``.

``messages/`` holds the messages, labelled by hand with what a careful hepatology nurse would take from
them. They were written and labelled before anybody looked at what the program makes of them, and without
its lexicon or its training examples. A label changes only if it is wrong, never because the program is.
"""
