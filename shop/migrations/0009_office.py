
import django.contrib.postgres.indexes
import django.db.models.functions.text
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0001_initial'),
        ('shop', '0008_prices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='order',
            options={'ordering': ['-placed_at', '-pk'], 'permissions': [('hand_over_order', 'Can hand packed orders over to the courier'), ('export_order', 'Can export orders')], 'verbose_name': 'order', 'verbose_name_plural': 'orders'},
        ),
        migrations.AddField(
            model_name='orderline',
            name='amount_returned',
            field=models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=12, verbose_name='given back for them, ₽'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='quantity_returned',
            field=models.PositiveSmallIntegerField(default=0, help_text='Packs that staff took off the paid order before it was handed over.', verbose_name='taken off again'),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='lots',
            field=models.JSONField(default=list, help_text='Lot ids and the packs of each, without those taken off again.', verbose_name='lots'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['-placed_at', '-id'], name='order_newest'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['status', '-placed_at', '-id'], name='order_status_newest'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse('phone'), name='text_pattern_ops'), name='order_phone_backwards'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Lower('email'), name='text_pattern_ops'), name='order_email'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity_returned__lte', models.F('quantity')), ('amount_returned__gte', 0), ('amount_returned__lte', models.F('total'))), name='order_line_returned_within_bought'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity_returned__gt', 0), ('amount_returned', 0), _connector='OR'), name='order_line_nothing_back_for_nothing'),
        ),
    ]
