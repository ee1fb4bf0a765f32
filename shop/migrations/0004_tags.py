import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0003_popular_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='berry',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('sweet', 'sweet'), ('sweetandsour', 'sweet and sour'), ('sour', 'sour'), ('tart', 'astringent'), ('bitter', 'slightly bitter'), ('fragrant', 'fragrant'), ('juicy', 'juicy'), ('large', 'large'), ('seedless', 'no seeds to notice'), ('vitaminc', 'rich in vitamin C'), ('fresh', 'to eat fresh'), ('jam', 'for jam'), ('jelly', 'for jelly'), ('drinks', 'for drinks and compote'), ('baking', 'for baking'), ('dessert', 'for desserts'), ('sauce', 'for sauces and meat'), ('freezing', 'for freezing'), ('tea', 'for tea'), ('liqueur', 'for liqueurs'), ('children', 'for children')], max_length=20), blank=True, default=list, help_text='People find the berry by these: “sour”, “for jam”.', size=None, verbose_name='taste and use'),
        ),
    ]
