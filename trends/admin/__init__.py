"""The trends in the admin: what people there look at and decide."""

from trends.admin import demand, figures, flags

__all__ = ["demand", "figures", "flags"]
