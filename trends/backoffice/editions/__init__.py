"""Editions: drafted, published, and computed again as a proof."""
