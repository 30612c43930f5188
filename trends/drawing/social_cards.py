"""Pictures of a few figures, 1200 by 630, for where a link to the site is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple

from font_roboto import font_files
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from trends.wording.figures import Weekly

# What the networks ask for: 1.91 to 1. Smaller they are cut off or shown as a thumbnail.
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
# Where the figures of a list begin: the longest, "New, at least ×63: 2,960 after < 10", fits.
COLUMN = 520
BETWEEN_LINES = 60
# A headline that does not fit is made smaller down to this, and then cut.
SMALLEST = 52
PAPER, INK, MUTED, ACCENT, LINE = "#ffffff", "#15211f", "#566562", "#0a6b62", "#b9c4c1"
# Drawn twice as large and made smaller: lines get soft edges.
TWICE = 2
CHART_TOP, CHART_BOTTOM = 430, 540
# Half the width of the line, so that its tips are not cut off.
TIP = 10
# Roboto has no arrow.
DRAWN_AS = str.maketrans("→", "›")


class Style(NamedTuple):
    """How a text is written."""

    size: int
    colour: str
    font: str = "RobotoBold"


OVER = Style(30, ACCENT)
HEADLINE = Style(92, INK)
FIGURE = Style(72, ACCENT)
NAME = Style(34, INK)
FIGURES = Style(34, INK, "Roboto")
FOOT = Style(26, MUTED, "Roboto")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, from the top: whose it is, a headline, a figure, its lines, a foot.

    A line is of one skill: its name, which may be cut, and its figures, which never are; they
    begin at `column`.
    """

    over: str
    headline: str
    figure: str
    lines: Sequence[tuple[str, str]]
    foot: str
    weekly: Weekly = ()
    column: int = COLUMN

    @property
    def words(self) -> str:
        """All of it, for who cannot see it."""
        lines = (": ".join(filter(None, line)) for line in self.lines)
        said = (self.over, self.headline, self.figure, *lines, *self.foot.splitlines())
        return ". ".join(part.rstrip(".") for part in said if part)


def draw(card: Card) -> bytes:
    """Draw the card as a PNG that carries its own words."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 14), fill=ACCENT)
    write(pen, card.over, (MARGIN, 48), OVER)
    write(pen, card.headline, (MARGIN, 100), HEADLINE)
    write(pen, card.figure, (MARGIN, 220), FIGURE)
    top = 320 if card.figure else 225
    for number, (name, figures) in enumerate(card.lines):
        height = top + number * BETWEEN_LINES
        write(pen, name, (MARGIN, height), NAME, right=card.column - TIP)
        write(pen, figures, (card.column if name else MARGIN, height), FIGURES)
    draw_weeks(image, card.weekly)
    for number, line in enumerate(reversed(card.foot.splitlines())):
        write(pen, line, (MARGIN, HEIGHT - 60 - 36 * number), FOOT)
    words = PngImagePlugin.PngInfo()
    words.add_itxt("Description", card.words)
    file = BytesIO()
    image.save(file, "PNG", optimize=True, pnginfo=words)
    return file.getvalue()


def write(
    pen: ImageDraw.ImageDraw,
    text: str,
    at: tuple[int, int],
    style: Style,
    *,
    right: int = WIDTH - MARGIN,
) -> None:
    """Write one line, smaller and at last shorter where it would not fit."""
    room, text = right - at[0], text.translate(DRAWN_AS)
    font = ImageFont.truetype(font_files[style.font], style.size)
    while font.getlength(text) > room and font.size > SMALLEST:
        font = font.font_variant(size=font.size - 4)
    while font.getlength(text) > room:
        text = text.removesuffix("…")[:-1].rstrip() + "…"
    pen.text(at, text, font=font, fill=style.colour)


def draw_weeks(image: Image.Image, weekly: Weekly) -> None:
    """Draw the line of weekly searchers; a week without a published figure is a gap."""
    highest = max((week for week in weekly if week is not None), default=0)
    if not highest or len(weekly) < 2:
        return
    height = CHART_BOTTOM - CHART_TOP
    step = (WIDTH - 2 * MARGIN) / (len(weekly) - 1)
    chart = Image.new("RGB", (WIDTH * TWICE, (height + 2 * TIP) * TWICE), PAPER)
    pen = ImageDraw.Draw(chart)
    base = (TIP + height) * TWICE
    pen.line((MARGIN * TWICE, base, (WIDTH - MARGIN) * TWICE, base), fill=LINE, width=2)
    places = [
        week is not None
        and ((MARGIN + n * step) * TWICE, (TIP + height * (1 - week / highest)) * TWICE)
        for n, week in enumerate(weekly)
    ]
    for before, after in pairwise(places):
        if before and after:
            pen.line((*before, *after), fill=ACCENT, width=TIP)
    small = chart.resize((WIDTH, height + 2 * TIP), Image.Resampling.LANCZOS)
    image.paste(small, (0, CHART_TOP - TIP))
