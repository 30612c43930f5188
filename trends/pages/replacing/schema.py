"""The shapes of the answers about replacements and AI shares, for the OpenAPI description."""

from rest_framework import serializers

from trends.published.schema import Shape, SkillName, Snapshot


class Days(Shape):
    # `from` is a word of Python's own.
    vars()["from"] = serializers.DateField(help_text="first day")
    to = serializers.DateField(help_text="last day")


class ReplacingSkill(SkillName):
    category = SkillName(help_text="of the first level")
    is_ai = serializers.BooleanField()


class Replacement(Shape):
    """People are told to the nearest ten; null: fewer than ten."""

    left = ReplacingSkill()
    found = ReplacingSkill()
    former = serializers.IntegerField(help_text="searched it before, and since then only others")
    moved = serializers.IntegerField(help_text="those of them who newly search the other")
    back = serializers.IntegerField(allow_null=True, help_text="people who went the other way")
    back_display = serializers.CharField()
    comparable = serializers.IntegerField(help_text="people who left another skill of its category")
    share = serializers.FloatField(help_text="moved over former")
    usual_share = serializers.FloatField(help_text="the same of comparable people")
    lift = serializers.FloatField(help_text="share over usual_share")
    lower = serializers.FloatField(help_text="lower end of the 95 % interval of lift")
    upper = serializers.FloatField(help_text="upper end of the 95 % interval of lift")
    previous = Days(help_text="when they searched the skill they left")
    current = Days(help_text="when they searched the other instead")


class ReplacementList(Shape):
    snapshot = Snapshot()
    results = Replacement(many=True)
    next = serializers.URLField(allow_null=True)


class PeriodShare(Days):
    searchers = serializers.IntegerField(allow_null=True)
    of_ai = serializers.IntegerField(allow_null=True, help_text="who searched an AI skill of it")
    share = serializers.FloatField(allow_null=True, help_text="of_ai over searchers")


class AiShare(Shape):
    """People are told to the nearest ten; null: fewer than ten."""

    category = SkillName(allow_null=True, help_text="null: the whole platform")
    current = PeriodShare(allow_null=True, help_text="the last half-year")
    previous = PeriodShare(allow_null=True, help_text="the half-year before")
    months = PeriodShare(many=True, help_text="four weeks each, oldest first")


class AiShareList(Shape):
    snapshot = Snapshot()
    results = AiShare(many=True)
