"""The pages of people: coming in, what is mine, taking over a page, and the page everybody sees."""
