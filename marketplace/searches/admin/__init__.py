"""The intake in the admin: what came, what was refused, who may send."""

from marketplace.searches.admin import intake, keys, rejects

__all__ = ["intake", "keys", "rejects"]
