from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.RenameField(
            model_name="sellersettings",
            old_name="legal_name",
            new_name="legal_name_ru",
        ),
        migrations.AlterField(
            model_name="sellersettings",
            name="legal_name_ru",
            field=models.CharField(blank=True, max_length=200, verbose_name="legal name in Russian"),
        ),
        migrations.AddField(
            model_name="sellersettings",
            name="legal_name_en",
            field=models.CharField(blank=True, max_length=200, verbose_name="legal name in English"),
        ),
    ]
