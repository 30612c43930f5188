"""Likeness of names, for search boxes and for "did you mean"."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("skills", "0001_initial")]

    operations = [TrigramExtension()]
