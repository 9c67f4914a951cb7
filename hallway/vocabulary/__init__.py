"""Reference data every shelf shares: topics in both languages, languages, places, time zones."""
