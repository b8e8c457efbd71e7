"""The parts of the Rasa pipeline that are ours."""
