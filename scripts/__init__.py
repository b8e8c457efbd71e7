"""Starting the processes and talking to them in a terminal."""
