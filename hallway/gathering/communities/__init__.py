"""Communities: their page, members, team, series of meet-ups. Owns memberships, team roles and series."""
