"""Rasa's custom actions: the tracker in, the engine asked, cards out.

Each action is thin. It takes what the pipeline understood, writes it to the store, builds the
engine's record from the store, and says what the engine answers. Slots only steer.
"""
