"""Worked examples of Synod's ChatService in Python. One file for each; `python -m examples --help` lists them."""
