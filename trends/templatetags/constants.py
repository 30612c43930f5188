"""Writes percentages of the method page that nobody measured: each names the constant it is."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from trends.wording.figures import as_percent

register = template.Library()


@register.simple_tag(takes_context=True)
def percent(context: template.Context, name: str) -> SafeString:
    """Place a constant, "counted.LEAST_SEEN", as a percentage: its name tells it from a figure."""
    module, _, constant = name.partition(".")
    value = getattr(context[module], constant)
    return format_html('<data value="{}">{}</data>', name, as_percent(value))
