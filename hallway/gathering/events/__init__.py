"""Events: meet-ups and conferences, which are one thing. Owns events, hosts, venues and rooms."""
