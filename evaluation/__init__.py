"""How well messages like those of real people are understood: ``python -m evaluation``.

``messages/`` holds the messages, labelled by hand with what a careful hepatology nurse would take from
them. They were written and labelled before the program had read any of them, without its training
examples and its lexicon, except the words for danger, which had been seen: the found danger may look
better than it is. After the first reading, slips in labels were mended and names made those of the
program. A label changes only if it is wrong, never because the program is.
"""
