"""What templates call: filters that write figures, tags that place charts; wiring."""
