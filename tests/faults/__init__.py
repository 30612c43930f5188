"""What must survive a fault: killed workers, broken connections."""
