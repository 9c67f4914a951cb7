"""The words every other package shares: places, languages, topics, time zones and the outline of the world.

It owns reference data only, in files beside the code, read on first use and kept. Nothing here is a table,
and nothing changes while the programme runs.
"""
