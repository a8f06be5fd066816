"""What was said, beside the words in which numbers of persons are masked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0001_events")]

    operations = [
        migrations.AddField(
            model_name="signal",
            name="original",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="As it was said"),
            preserve_default=False,
        ),
    ]
