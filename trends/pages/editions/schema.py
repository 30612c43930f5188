"""The shapes of the API's answers about editions, for its OpenAPI description."""

from rest_framework import serializers

from trends.published.schema import Shape


class Correction(Shape):
    made_at = serializers.DateTimeField()
    text = serializers.CharField()


class Edition(Shape):
    """Figures that never change, to be cited; what was wrong in them is said beside them."""

    edition = serializers.SlugField()
    as_of = serializers.DateField(help_text="first day not counted")
    headline = serializers.CharField(allow_blank=True)
    notes = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField()
    checksum = serializers.CharField(help_text="SHA-256 of the CSV file")
    corrections = Correction(many=True)
    page = serializers.URLField()
    csv = serializers.URLField(help_text="its published figures, of the world and each country")
    trends = serializers.URLField(help_text="the same by this API")


class EditionList(Shape):
    results = Edition(many=True)
