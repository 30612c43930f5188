"""The addresses of the pages and of the API's reading half."""

from django.contrib.auth.views import LogoutView
from django.contrib.sitemaps.views import sitemap
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from trends.admin.login import login
from trends.pages.categories import page as category_pages
from trends.pages.categories.api import CategoryTrends
from trends.pages.categories.feed import CategoryFeed
from trends.pages.compare.api import Compared
from trends.pages.compare.page import compare
from trends.pages.earners.api import Earners
from trends.pages.earners.feed import EarnerFeed
from trends.pages.earners.page import earners, earners_csv
from trends.pages.editions import page as edition_pages
from trends.pages.editions.api import EditionDetail, Editions
from trends.pages.editions.feed import EditionFeed
from trends.pages.me import account, watch_page
from trends.pages.me import page as me_pages
from trends.pages.method.page import method
from trends.pages.replacing import api as replacement_api
from trends.pages.replacing import page as replacement_pages
from trends.pages.replacing.feed import ReplacementFeed
from trends.pages.rising.api import SkillTrends
from trends.pages.rising.feed import SkillFeed
from trends.pages.rising.page import rising, rising_csv
from trends.pages.search.page import search
from trends.pages.sharing.card_pages import edition_card, home_card, replacing_card, skill_card
from trends.pages.sharing.sitemaps import SITEMAPS, robots
from trends.pages.skill import api
from trends.pages.skill.badges import badge, embed
from trends.pages.skill.page import skill
from trends.pages.skill.suggestions import suggestions

urlpatterns = [
    path("", rising, name="rising"),
    path("skills.csv", rising_csv, name="rising-csv"),
    path("skills.atom", SkillFeed(), name="rising-feed"),
    path("skills/<slug:slug>/", skill, name="skill"),
    path("skills/<slug:slug>/badge.svg", badge, name="skill-badge"),
    path("skills/<slug:slug>/embed/", embed, name="skill-embed"),
    path("suggestions/", suggestions, name="suggestions"),
    path("card.png", home_card, name="home-card"),
    path("skills/<slug:slug>/card.png", skill_card, name="skill-card"),
    path("replacing/card.png", replacing_card, name="replacing-card"),
    path("editions/<slug:slug>/card.png", edition_card, name="edition-card"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("compare/", compare, name="compare"),
    path("categories/", category_pages.categories, name="categories"),
    path("categories.csv", category_pages.categories_csv, name="categories-csv"),
    path("categories.atom", CategoryFeed(), name="categories-feed"),
    path("categories/<slug:slug>/", category_pages.category, name="category"),
    path("earners/", earners, name="earners"),
    path("earners.csv", earners_csv, name="earners-csv"),
    path("earners.atom", EarnerFeed(), name="earners-feed"),
    path("replacing/", replacement_pages.replacing, name="replacing"),
    path("replacing.csv", replacement_pages.replacing_csv, name="replacing-csv"),
    path("category-flows.csv", replacement_pages.category_flows_csv, name="category-flows-csv"),
    path("ai-share.csv", replacement_pages.ai_shares_csv, name="ai-share-csv"),
    path("replacing.atom", ReplacementFeed(), name="replacing-feed"),
    path("me/", me_pages.me, name="me"),
    path("me/account/", account.account, name="account"),
    path("me/account/keep/", account.keep, name="account-keep"),
    path("me/account/delete/", account.delete, name="account-delete"),
    path("me/account/new/<str:token>/", account.choose_password, name="choose-password"),
    path("me/sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("me/sign-out/", LogoutView.as_view(next_page="me"), name="sign-out"),
    path("me/password/", account.Reset.as_view(), name="password-reset"),
    path("me/password/sent/", account.reset_sent, name="password-reset-sent"),
    path(
        "me/password/<uidb64>/<token>/",
        account.ResetConfirm.as_view(),
        name="password-reset-confirm",
    ),
    path("me/watch/", watch_page.watch, name="watch"),
    path("me/watch/<str:token>/", watch_page.confirm, name="watch-confirm"),
    path("me/watches/<str:token>/", watch_page.watches, name="watches"),
    path("me/unsubscribe/<str:token>/", watch_page.unsubscribe, name="unsubscribe"),
    path("method/", method, name="method"),
    path("search/", search, name="search"),
    path("editions/", edition_pages.editions, name="editions"),
    path("editions.csv", edition_pages.editions_csv, name="editions-csv"),
    path("editions.atom", EditionFeed(), name="editions-feed"),
    path("editions/<slug:slug>/", edition_pages.edition, name="edition"),
    path("editions/<slug:slug>/edition.csv", edition_pages.file, name="edition-file"),
    path("admin/login/", login, name="admin-login"),
    path("api/v1/editions/", Editions.as_view(), name="api-editions"),
    path("api/v1/editions/<slug:slug>/", EditionDetail.as_view(), name="api-edition"),
    path("api/v1/trends/skills/", SkillTrends.as_view(), name="api-skill-trends"),
    path("api/v1/trends/categories/", CategoryTrends.as_view(), name="api-category-trends"),
    path("api/v1/trends/earners/", Earners.as_view(), name="api-earners"),
    path("api/v1/compare/", Compared.as_view(), name="api-compare"),
    path(
        "api/v1/trends/replacements/",
        replacement_api.Replacements.as_view(),
        name="api-replacements",
    ),
    path("api/v1/trends/ai-share/", replacement_api.AiShares.as_view(), name="api-ai-share"),
    path("api/v1/skills/", api.Skills.as_view(), name="api-skills"),
    path("api/v1/skills/<slug:slug>/", api.SkillDetail.as_view(), name="api-skill"),
    path(
        "api/v1/skills/<slug:slug>/explain/", api.SkillExplained.as_view(), name="api-skill-explain"
    ),
    path("api/v1/skills/<slug:slug>/series/", api.SkillSeries.as_view(), name="api-skill-series"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "api/v1/docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api-schema", template_name="trends/published/docs.html"
        ),
        name="api-docs",
    ),
]
