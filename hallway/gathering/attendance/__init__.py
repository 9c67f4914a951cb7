"""Attendance: who comes. Owns admissions, registrations, seat offers, standing registrations and the door."""
