"""The one face that listens to the network: website, chat, HTTP API.

Everything that comes in is checked, written down and only then worked on; everything that goes out
has passed the grounding gate. Rasa, the action server and the store stay behind it.
"""
