"""Agenda: what somebody keeps for themselves of an event. Owns private notes."""
