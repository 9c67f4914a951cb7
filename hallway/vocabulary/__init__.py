"""The words every other package shares: places, languages, topics, time zones and the outline of the world.

It owns reference data, in files beside the code, read on first use and kept. Only topics are a table as well, so
that rows may point at them.
"""
