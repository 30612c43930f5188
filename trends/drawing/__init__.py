"""Figures become SVG and PNG. May import models, wording and arithmetic."""
