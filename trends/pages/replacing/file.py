"""The columns of flows and AI shares, as files have them: people in tens, with their days."""

from trends.published.csv_files import Columns, figure

# The half-year people left a skill after, and the one they moved in.
DAYS: Columns = {
    "from_before": figure("previous", "from"),
    "to_before": figure("previous", "to"),
    "from": figure("current", "from"),
    "to": figure("current", "to"),
}
COLUMNS: Columns = {
    **{
        f"{skill}{suffix}": figure(skill, *path)
        for skill in ("left", "found")
        for suffix, path in {
            "": ["name"],
            "_slug": ["slug"],
            "_category": ["category", "slug"],
            "_is_ai": ["is_ai"],
        }.items()
    },
    **{name: figure(name) for name in ("former", "moved", "back", "comparable")},
    **{name: figure(name) for name in ("share", "usual_share", "lift", "lower", "upper")},
    **DAYS,
}
FLOW_COLUMNS: Columns = {
    "left": figure("left", "slug"),
    "found": figure("found", "slug"),
    "moved": figure("moved"),
    **DAYS,
}
AI_COLUMNS: Columns = {
    "category": figure("category", "slug"),
    **{name: figure(name) for name in ("period", "from", "to", "searchers", "of_ai", "share")},
}
