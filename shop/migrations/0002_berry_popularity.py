from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="berry",
            name="popularity",
            field=models.PositiveIntegerField(
                db_index=True,
                default=0,
                editable=False,
                help_text="Packs sold in the last 30 days.",
                verbose_name="popularity",
            ),
        ),
        migrations.AlterField(
            model_name="berry",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="on sale"),
        ),
        migrations.AlterField(
            model_name="pack",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="on sale"),
        ),
    ]
