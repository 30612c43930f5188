"""The commands of manage.py that count, measure, publish and simulate; wiring."""
