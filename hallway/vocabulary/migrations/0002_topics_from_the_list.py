"""Brings the list of topics into the table; a later version of the list comes with a migration of its own."""

from django.db import migrations


def load(apps, schema_editor):
    from hallway.vocabulary.topics import load_topics

    topic = apps.get_model("vocabulary", "Topic")
    topic.objects.bulk_create(
        [
            topic(slug=slug, name_en=known.english, name_fr=known.french, aliases="|".join(known.aliases))
            for slug, known in load_topics().items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("vocabulary", "0001_first")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
