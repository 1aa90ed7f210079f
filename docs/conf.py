"""How the site is built, by `make docs`: without a network; tools/documentation makes what comes from the code."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from aibasic_kernel import __version__  # noqa: E402

project = "AIBasic"
author = "The AIBasic authors"
version = release = __version__
copyright = author
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "documentation.extension"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "AIBasic"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
pygments_style = "default"
pygments_dark_style = "github-dark"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
default_role = "code"
# Names of the standard library and of drivers: their documentation is elsewhere.
nitpick_ignore_regex = [("py:(class|data|exc|obj)", r".*")]
