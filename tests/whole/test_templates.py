"""Templates can be read: what is decided in them stands on lines that fit a screen."""

from pathlib import Path

# As a screen of an editor beside a list of files shows it; template tags cannot be broken.
LONGEST_LINE = 180
ROOT = Path(__file__).parents[2]


def test_no_line_of_a_template_runs_off_the_screen() -> None:
    templates = [
        file
        for package in ("marketplace", "trends")
        for ending in ("html", "txt", "xml", "svg")
        for file in (ROOT / package).rglob(f"templates/**/*.{ending}")
    ]
    assert len(templates) > 100
    too_long = [
        f"{file.relative_to(ROOT)}:{number}: {len(line)} characters"
        for file in templates
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert not too_long
