"""Sellers, the gigs they offer, and the orders these got."""
