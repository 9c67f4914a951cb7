"""Feedback: what speakers and makers of a tool hear from those who were there. Owns feedback, products and cards."""
