"""Every public page there is, asked of the resolver and filled in from the rows of a market."""

from collections.abc import Collection, Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from marketplace.skills.models import Category
from tests.markets.whole_market import EMAIL
from trends.models import Edition, Follower
from trends.pages.me.mail_links import confirm_token, manage_token

# No pages: files and pictures, forms that are only sent, what programs ask, and the link of a mail
# that Django answers with a redirect. The documents of the API are drawn by a script of others.
NO_PAGES = frozenset(
    {
        *("rising-csv", "rising-feed", "categories-csv", "categories-feed", "earners-csv"),
        *("earners-feed", "replacing-csv", "replacing-feed", "edition-file", "replacing-card"),
        *("category-flows-csv", "ai-share-csv"),
        *("skill-badge", "home-card", "skill-card", "edition-card", "sitemap", "robots"),
        *("account-keep", "account-delete", "sign-out", "set_language", "password-reset-confirm"),
        *("editions-csv", "editions-feed", "suggestions", "healthz", "readyz"),
    }
)
NOT_PUBLIC = ("admin/", "api/")
# The views of a page that show something else than its plain address does.
VIEWS: dict[str, tuple[str, ...]] = {
    "rising": (
        "",
        "?show=all",
        "?show=falling",
        "?show=all&country=DE&window=3m&order=competition",
        "?show=all&order=newcomers",
        "?label=new&country=LU",
    ),
    "earners": ("", "?show=total&order=sellers", "?show=rising", "?category=work"),
    "compare": (
        "",
        "?skills=riser,newcomer,kept,fallen,steady-a",
        "?skills=riser,newcomer,kept,fallen,steady-a&scale=searchers",
        "?skills=riser,tiny,nobody,local,steady-a,steady-b&country=DE&scale=index",
    ),
    "replacing": ("", "?category=work"),
    "me": ("", "?skills=riser,kept,fallen,tiny", "?skills=riser&add=kep"),
    "search": ("", "?q=kept", "?q=kept&price=100", "?q=zeppelin"),
    "watch": ("?skill=riser", "?label=new"),
}
# One skill of each kind.
SKILLS = ("riser", "newcomer", "local", "kept", "fallen", "faded", "tiny", "nobody", "steady-a")


def public_pages(skills: Collection[str] = SKILLS) -> list[str]:
    """The address of every page in each of its views; one nobody filled in fails here."""
    return [
        reverse(name, args=args) + view
        for name in sorted(names(get_resolver()) - NO_PAGES)
        for args in arguments(name, skills)
        for view in VIEWS.get(name, ("",))
    ]


def names(resolver: URLResolver) -> set[str]:
    """The names of all addresses that are not for the staff or for programs."""
    found: set[str] = set()
    for one in resolver.url_patterns:
        if str(one.pattern).startswith(NOT_PUBLIC):
            continue
        if isinstance(one, URLResolver):
            found |= names(one)
        elif isinstance(one, URLPattern) and one.name:
            found.add(one.name)
    return found


def arguments(name: str, skills: Collection[str]) -> Iterator[list[str]]:
    """What fills in an address, out of the rows there are; nothing unless named here."""
    match name:
        case "skill" | "skill-embed":
            yield from ([slug] for slug in skills)
        case "category":
            yield from ([slug] for slug in Category.objects.values_list("slug", flat=True))
        case "edition":
            yield from ([one.slug] for one in Edition.objects.published().light())
        case "watches" | "unsubscribe":
            yield [manage_token(Follower.objects.get(email=EMAIL))]
            yield ["unknown"]
        case "watch-confirm":
            yield [confirm_token({"email": EMAIL, "skill": "kept"})]
        case "choose-password":
            yield [confirm_token({"email": "eve@example.org", "account": True})]
        case _:
            yield []
