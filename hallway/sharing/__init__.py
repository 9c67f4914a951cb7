"""Pillar 2, sharing: the questions and conversations after a talk, and what speakers and makers hear of it."""
