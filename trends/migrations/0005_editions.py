"""Editions, and the triggers that keep what is published as it is."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# By statement, on all its rows at once: what is copied in costs nothing, and dropping an old
# snapshot one look at its rows. A later table of figures is frozen by its own migration, with
# SELECT trends_freeze('its_name'), as these are at the end.
REFUSE = """
CREATE FUNCTION trends_refuse_change_of_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT snapshot_id FROM was) AS changed
        JOIN trends_edition USING (snapshot_id) WHERE state = 'published'
    ) THEN
        RAISE EXCEPTION 'A published edition never changes.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION trends_freeze(figures regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE event text;
BEGIN
    FOREACH event IN ARRAY ARRAY['update', 'delete'] LOOP
        EXECUTE format(
            'CREATE TRIGGER edition_is_final_%1$s AFTER %1$s ON %2$s REFERENCING OLD TABLE AS was'
            ' FOR EACH STATEMENT EXECUTE FUNCTION trends_refuse_change_of_edition()',
            event, figures
        );
    END LOOP;
END $$;
CREATE FUNCTION trends_refuse_change_of_edition_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM trends_edition WHERE snapshot_id = OLD.id AND state = 'published'
    ) THEN
        RAISE EXCEPTION 'A published edition never changes.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER edition_is_final BEFORE UPDATE OR DELETE ON trends_trendsnapshot
FOR EACH ROW EXECUTE FUNCTION trends_refuse_change_of_edition_snapshot();
-- Who published may leave and be forgotten; nothing else in it changes.
CREATE FUNCTION trends_refuse_rewording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.created_by_id IS NULL OR NEW.created_by_id = OLD.created_by_id)
        AND (NEW.published_by_id IS NULL OR NEW.published_by_id = OLD.published_by_id)
        AND to_jsonb(NEW) - 'created_by_id' - 'published_by_id'
          = to_jsonb(OLD) - 'created_by_id' - 'published_by_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published edition never changes.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER edition_is_final BEFORE UPDATE OR DELETE ON trends_edition
FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION trends_refuse_rewording();
SELECT trends_freeze(name::regclass) FROM unnest(ARRAY[
    'trends_skilltrend', 'trends_categorytrend', 'trends_earningstrend', 'trends_earningstotal',
    'trends_outlook'
]) AS name;
"""
ALLOW = """
DROP TRIGGER edition_is_final ON trends_edition;
DROP TRIGGER edition_is_final ON trends_trendsnapshot;
-- With the triggers on every table that was frozen.
DROP FUNCTION trends_refuse_change_of_edition CASCADE;
DROP FUNCTION trends_freeze;
DROP FUNCTION trends_refuse_change_of_edition_snapshot;
DROP FUNCTION trends_refuse_rewording;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('trends', '0004_pipeline_runs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='its date, e.g. 2026-11-01', max_length=20, unique=True)),
                ('headline', models.CharField(blank=True, max_length=200)),
                ('notes', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', max_length=9)),
                ('checksum', models.CharField(help_text='SHA-256 of its file, hexadecimal', max_length=64)),
                ('exact_checksum', models.CharField(help_text='SHA-256 of its rows as they are stored, unpublished figures too', max_length=64)),
                ('file', models.BinaryField(help_text='its published figures as CSV, compressed by zlib')),
                ('taxonomy', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='all names and categories its figures stand on')),
                ('basis', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='where its inputs ended, and what of them may change: to compute it again')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('before', models.ForeignKey(blank=True, help_text='the snapshot whose labels its own were held against', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='editions_after', to='trends.trendsnapshot')),
                ('snapshot', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='edition', to='trends.trendsnapshot')),
            ],
            options={
                'ordering': ['-slug'],
                'permissions': [('publish_edition', 'Can publish editions')],
            },
        ),
        migrations.CreateModel(
            name='EditionCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='trends.edition')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='EditionProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('rows', models.IntegerField(default=0, help_text='rows compared')),
                ('equal', models.IntegerField(default=0, help_text='rows with the same numbers')),
                ('different', models.IntegerField(default=0, help_text='rows with others')),
                ('unproven', models.IntegerField(default=0, help_text='rows of money whose orders or gigs were changed since')),
                ('changed', models.JSONField(default=list, help_text='inputs that are not what they were')),
                ('checksum', models.CharField(blank=True, help_text='of the file made again', max_length=64)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='trends.edition')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AlterField(
            model_name='trendsnapshot',
            name='published_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='empty: computed for an edition alone', null=True),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('state', 'draft')), models.Q(('published_at__isnull', False), ('state', 'published')), _connector='OR'), name='edition_published_has_its_date'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
