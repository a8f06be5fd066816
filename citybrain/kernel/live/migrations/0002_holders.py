from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial")]

    operations = [
        migrations.AddField(model_name="liveevent", name="holders", field=models.JSONField(null=True)),
    ]
