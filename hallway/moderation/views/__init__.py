"""Pages of moderation: reporting, deciding, appealing."""
