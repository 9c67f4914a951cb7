"""How the documentation is built: ``./dev check`` builds it with warnings as errors."""

project = "Hallway"
author = "The Hallway contributors"
copyright = "The Hallway contributors, Apache-2.0"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Hallway"
# No third-party request: the theme's own fonts and nothing else.
html_static_path: list[str] = []
