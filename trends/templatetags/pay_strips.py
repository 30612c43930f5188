"""Places the strips of what sellers earn in the templates."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from trends.drawing import pay_strip
from trends.published.schema import Pay
from trends.wording.figures import money

register = template.Library()


@register.simple_tag(name="pay_strip")
def drawn(row: Pay, scale: pay_strip.Scale) -> SafeString:
    """Place the strip of one skill; numbers only."""
    earnings = row["earnings"]
    median, lower, upper = (
        earnings["median"],
        earnings["median_lower"],
        earnings["median_upper"],
    )
    assert median is not None, "the list has published earnings alone"
    return mark_safe(pay_strip.strip(scale, median=median, lower=lower, upper=upper))


@register.simple_tag
def pay_axis(scale: pay_strip.Scale, currency: str) -> SafeString:
    """Place the amounts the strips of a column are read by."""
    return mark_safe(
        pay_strip.strip_axis(scale, [escape(money(amount, currency)) for amount in scale.marks])
    )
