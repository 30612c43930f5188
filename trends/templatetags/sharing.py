"""Tells networks and search engines what a page is: its one address, its card, its data."""

import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from trends.counting.windows import HalfYears
from trends.drawing.social_cards import HEIGHT, WIDTH
from trends.pages.rising.filters import Filters, Tab
from trends.pages.sharing.cards import list_card, replacing_card, skill_card, tab_card

register = template.Library()

# Which page has a card of its own, and what of its context says that there is something on it.
CARDS = {"skill": "skill", "edition": "edition"}
# What would end the script, or begin another, in a text that people wrote.
_INERT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.simple_block_tag
def page_title(content: str) -> SafeString:
    """Place the title of the page, for the window and for who shares it."""
    text = _in_an_attribute(content)
    return format_html(
        '<title>{0} · Upcurrent</title>\n  <meta property="og:title" content="{0}">', text
    )


@register.simple_block_tag
def page_description(content: str) -> SafeString:
    """Place what the page is about, for search engines and for who shares it."""
    return format_html(
        '<meta name="description" content="{0}">\n  <meta property="og:description" content="{0}">',
        _in_an_attribute(content),
    )


@register.simple_tag(takes_context=True)
def sharing(context: template.Context) -> SafeString:
    """Place the canonical address, the card and the description of the data."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.resolver_match is None:
        return mark_safe("")
    address = request.build_absolute_uri(_canonical(request, context))
    path, words = _card(request, context)
    tags = {
        "og:site_name": "Upcurrent",
        "og:type": "website",
        "og:url": address,
        "og:image": request.build_absolute_uri(path),
        "og:image:alt": words,
        "og:image:type": "image/png",
        "og:image:width": WIDTH,
        "og:image:height": HEIGHT,
    }
    lines = format_html_join("\n  ", '<meta property="{}" content="{}">', tags.items())
    data = _data(request, context, address)
    return format_html(
        '<link rel="canonical" href="{}">\n  {}\n'
        '  <meta name="twitter:card" content="summary_large_image">\n  {}',
        address,
        lines,
        _script(data) if data else "",
    )


def _canonical(request: HttpRequest, context: template.Context) -> str:
    """Return the one address of what is shown: with what is chosen, without a page number."""
    if address := context.get("canonical"):
        return str(address)
    address = getattr(context.get("filters"), "address", None)
    return address if isinstance(address, str) else request.path


def _card(request: HttpRequest, context: template.Context) -> tuple[str, str]:
    """Return the address of the card, and its words where the page has its rows at hand."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if name == "replacing" and context.get("canonical"):
        return _of_flows(context)
    if name not in CARDS or not (shown := context.get(CARDS[name])):
        return _of_home(context)
    as_of, simulated = context.get("as_of"), bool(context.get("simulated"))
    words = shown.name if name == "skill" else shown.headline
    if name == "skill" and as_of:
        words = skill_card(shown.name, context.get("row"), as_of, simulated=simulated).words
    elif as_of:
        headline = shown.headline or gettext("Skills on the rise")
        words = list_card(headline, context["rows"], as_of, simulated=simulated).words
    return reverse(f"{name}-card", args=[shown.slug]), words


def _of_flows(context: template.Context) -> tuple[str, str]:
    """Return the card of what replaces what, of the chosen category."""
    halves: HalfYears = {"previous": context["previous"], "current": context["current"]}
    simulated = bool(context.get("simulated"))
    card = replacing_card(context["category"], context["rows"], halves, simulated=simulated)
    return reverse("replacing-card") + context["query"], card.words


def _of_home(context: template.Context) -> tuple[str, str]:
    """Return the card of what falls where that is shown, elsewhere of what rises."""
    filters, page = context.get("filters"), context.get("page")
    falling = isinstance(filters, Filters) and filters.show == Tab.FALLING
    whole = Filters(show=Tab.FALLING.value) if falling else Filters()
    address = reverse("home-card") + whole.query
    if filters == whole and page and page.number == 1:
        shown, simulated = (context["rows"], context["as_of"]), bool(context.get("simulated"))
        return address, tab_card(whole.show, *shown, simulated=simulated).words
    said = gettext("The first of the rising freelance skills, with the people who search for each")
    if falling:
        said = gettext(
            "The first of the falling freelance skills, with the people who search for each"
        )
    return address, said


def _data(request: HttpRequest, context: template.Context, address: str) -> dict[str, Any] | None:
    """Describe a list or an edition as a schema.org Dataset; None for other pages."""
    name, as_of = request.resolver_match and request.resolver_match.url_name, context.get("as_of")
    edition = context.get("edition")
    if name == "rising" and as_of:
        files = reverse("rising-csv") + context["filters"].query
        said = gettext("Freelance skills by how surely more people search for them")
        described = {"name": said, "distribution": files}
    elif name == "edition" and edition and as_of:
        said = edition.headline or gettext("Skills on the rise")
        described = {"name": said, "distribution": reverse("edition-file", args=[edition.slug])}
    else:
        return None
    more: dict[str, Any] = {}
    if name == "edition" and edition:
        more = {"identifier": f"sha256:{edition.checksum}", "version": edition.slug}
        more["datePublished"] = f"{edition.published_at:%Y-%m-%d}"
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": described["name"],
        "description": gettext(
            "Distinct people who searched for each freelance skill in two half-years, their share"
            " of all searchers, its growth with its interval, what it pays and who offers it."
        ),
        "url": address,
        "dateModified": f"{as_of:%Y-%m-%d}",
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Upcurrent"},
        "measurementTechnique": request.build_absolute_uri(reverse("method")),
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "text/csv",
            "contentUrl": request.build_absolute_uri(described["distribution"]),
        },
        **more,
    }


def _script(data: dict[str, Any]) -> SafeString:
    """Return a block of data: no script runs, so no policy forbids it."""
    text = json.dumps(data, ensure_ascii=False).translate(_INERT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def _in_an_attribute(content: str) -> SafeString:
    """Return text of a template, already escaped but for the quotes it may itself contain."""
    return mark_safe(" ".join(content.split()).replace('"', "&quot;"))
