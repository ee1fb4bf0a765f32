from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_money")]

    operations = [
        migrations.AlterField(
            model_name="berry",
            name="popularity",
            field=models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="Packs sold in the last 30 days.",
                verbose_name="popularity",
            ),
        ),
        migrations.AddIndex(
            model_name="berry",
            index=models.Index(fields=["-popularity", "-created_at"], name="berry_popular_first"),
        ),
    ]
