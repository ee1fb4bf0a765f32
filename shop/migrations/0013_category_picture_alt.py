from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0012_letter_payment_returned")]

    operations = [
        migrations.AddField(
            model_name="categorypage",
            name="picture_alt",
            field=models.CharField(
                blank=True,
                help_text="What the picture shows, in a sentence.",
                max_length=200,
                verbose_name="alternative text",
            ),
        ),
    ]
