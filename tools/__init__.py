"""What ``./dev`` calls beside the package: servers for tests, gates, messages, the map."""
