"""The toolbox under every shelf: refusals, facts, panels, sweeps, stored pages, the trail, uploads, the clock,
user text, and the frame and components of the pages. It knows no domain."""
