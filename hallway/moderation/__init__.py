"""Moderation: reports, decisions and appeals. The owner of a thing stores that it is hidden, and who is kept out."""
