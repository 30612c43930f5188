"""Where people go who leave a skill: replacements, next skills, the share of AI."""
