"""The pages of communities. Each loads what the reader may see, calls one action, and answers."""
