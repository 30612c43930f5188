"""Tells the pages of the admin what waits for the person who looks at them."""

from django import template
from django.template import Context
from django.utils import timezone

from trends.backoffice.pipeline.waiting import Waiting, waiting_for

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting(context: Context) -> list[Waiting]:
    """Return what the user of this page may decide now."""
    return waiting_for(context["user"], now=timezone.now())
