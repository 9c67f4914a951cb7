"""Everything that leaves the house: mail rows written with their cause and swept, in the reader's language."""
