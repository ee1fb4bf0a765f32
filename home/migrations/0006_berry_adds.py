import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Any state of the shop that has berries will do.
    dependencies = [("home", "0005_page_views"), ("shop", "0011_letters")]

    operations = [
        migrations.CreateModel(
            name="BerryAdds",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("adds", models.PositiveIntegerField(default=0, verbose_name="times put into a cart")),
                (
                    "berry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="shop.berry",
                        verbose_name="berry",
                    ),
                ),
            ],
            options={
                "verbose_name": "additions of a berry",
                "verbose_name_plural": "additions of berries",
                "constraints": [
                    models.UniqueConstraint(fields=("on", "berry"), name="home_berryadds_once_a_day")
                ],
            },
        ),
    ]
