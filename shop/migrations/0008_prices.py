"""Sale prices, markdowns, vouchers, and what was taken off an order."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.utils.timezone
import shop.vouchers.codes
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0001_initial'),
        ('shop', '0007_delivery'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Markdown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days_left', models.PositiveSmallIntegerField(help_text='Until the best-before date; 0 is its last day. The nearest step counts.', unique=True, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='days left')),
                ('percent', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='percent off')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'markdown',
                'verbose_name_plural': 'markdowns',
                'ordering': ['-days_left'],
            },
        ),
        migrations.CreateModel(
            name='OrderAdjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('voucher', 'voucher'), ('free_delivery', 'free delivery')], max_length=13, verbose_name='kind')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='code')),
                ('label_ru', models.CharField(max_length=120, verbose_name='label in Russian')),
                ('label_en', models.CharField(max_length=120, verbose_name='label in English')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='taken off, ₽')),
            ],
            options={
                'verbose_name': 'order adjustment',
                'verbose_name_plural': 'order adjustments',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', shop.vouchers.codes.CodeField(help_text='Letters and digits. Shoppers need not mind case, spaces and look-alike letters.', max_length=40, unique=True, verbose_name='code')),
                ('kind', models.CharField(choices=[('percent', 'percent off the berries'), ('sum', 'roubles off the berries'), ('free_delivery', 'free delivery')], max_length=13, verbose_name='what it gives')),
                ('value', models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Nothing for free delivery.', max_digits=10, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='percent or roubles')),
                ('min_total', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=10, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='berries for at least, ₽')),
                ('starts_at', models.DateTimeField(blank=True, null=True, verbose_name='valid from')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='valid until')),
                ('max_uses', models.PositiveIntegerField(blank=True, help_text='Empty: as many as come.', null=True, verbose_name='orders in all')),
                ('max_uses_each', models.PositiveIntegerField(blank=True, default=1, help_text='Empty: as many as come.', null=True, verbose_name='orders of one shopper')),
                ('first_order_only', models.BooleanField(default=False, verbose_name='first order only')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what it is for')),
                ('used', models.PositiveIntegerField(default=0, editable=False, verbose_name='used')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
            ],
            options={
                'verbose_name': 'voucher',
                'verbose_name_plural': 'vouchers',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='VoucherUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=12, unique=True, verbose_name='order')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='taken off, ₽')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='given back')),
            ],
            options={
                'verbose_name': 'use of a voucher',
                'verbose_name_plural': 'uses of vouchers',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_total_is_its_sum',
        ),
        migrations.RemoveConstraint(
            model_name='orderline',
            name='order_line_total_is_product',
        ),
        migrations.RemoveIndex(
            model_name='pack',
            name='pack_default_price',
        ),
        migrations.AddField(
            model_name='order',
            name='discount',
            field=models.DecimalField(decimal_places=2, default=Decimal('0'), help_text='Taken off the goods by a voucher, and spread over the lines.', max_digits=12, verbose_name='discount, ₽'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='discount',
            field=models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=12, verbose_name='its part of the discount, ₽'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='old_price',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='price before, ₽'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='price_reason',
            field=models.CharField(blank=True, choices=[('sale', 'sale'), ('markdown', 'best before soon')], default='', max_length=10, verbose_name='why it cost less'),
        ),
        migrations.AddField(
            model_name='pack',
            name='lowest_price',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='No markdown goes below it. Empty: as low as the markdowns say.', max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='lowest price, ₽'),
        ),
        migrations.AddField(
            model_name='pack',
            name='price_since',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='price asked since'),
        ),
        migrations.AddField(
            model_name='pack',
            name='sale_from',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sale from'),
        ),
        migrations.AddField(
            model_name='pack',
            name='sale_price',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='sale price, ₽'),
        ),
        migrations.AddField(
            model_name='pack',
            name='sale_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sale until'),
        ),
        migrations.AddField(
            model_name='pack',
            name='special_price',
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=10, null=True),
        ),
        migrations.AddIndex(
            model_name='pack',
            index=models.Index(django.db.models.functions.comparison.Coalesce('special_price', 'price'), condition=models.Q(('is_default', True)), name='pack_shown_price'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('goods_total'), '-', models.F('discount')), '+', models.F('delivery_price')))), name='order_total_is_its_sum'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('discount__lte', models.F('goods_total'))), name='order_discount_within_goods'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('price'), '*', models.F('quantity')), '-', models.F('discount')))), name='order_line_total_is_product'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('total__gte', 0)), name='order_line_discount_within_it'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sale_from', None), ('sale_price', None), ('sale_until', None)), models.Q(('sale_from__isnull', False), ('sale_price__isnull', False), ('sale_until__isnull', False)), _connector='OR'), name='pack_sale_has_dates', violation_error_message='A sale needs a price, a beginning and an end.'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('sale_price', None), models.Q(('sale_price__gt', 0), ('sale_price__lt', models.F('price'))), _connector='OR'), name='pack_sale_is_lower', violation_error_message='The sale price is lower than the price.'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('sale_until', None), ('sale_until__gt', models.F('sale_from')), _connector='OR'), name='pack_sale_dates_in_order', violation_error_message='A sale ends after it begins.'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('lowest_price', None), ('lowest_price__gt', 0), _connector='OR'), name='pack_lowest_price_positive'),
        ),
        migrations.AddConstraint(
            model_name='markdown',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gte', 1), ('percent__lte', 90)), name='markdown_percent_sane'),
        ),
        migrations.AddField(
            model_name='orderadjustment',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='shop.order', verbose_name='order'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='voucher_has_a_code', violation_error_message='A code has letters or digits.'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'percent'), ('value__gt', 0), ('value__lte', 100)), models.Q(('kind', 'sum'), ('value__gt', 0)), models.Q(('kind', 'free_delivery'), ('value', 0)), _connector='OR'), name='voucher_value_fits_kind', violation_error_message='Percents are from 0 to 100, roubles more than 0, and free delivery has neither.'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('max_uses', None), ('used__lte', models.F('max_uses')), _connector='OR'), name='voucher_used_within_limit', violation_error_message='It was used more often already.'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at', None), ('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='voucher_dates_in_order', violation_error_message='It ends after it begins.'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('min_total__gte', 0)), name='voucher_min_total_not_negative'),
        ),
        migrations.AddField(
            model_name='cart',
            name='voucher',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shop.voucher', verbose_name='voucher'),
        ),
        migrations.AddField(
            model_name='voucheruse',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_uses', to=settings.AUTH_USER_MODEL, verbose_name='shopper'),
        ),
        migrations.AddField(
            model_name='voucheruse',
            name='voucher',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='shop.voucher', verbose_name='voucher'),
        ),
        migrations.AddConstraint(
            model_name='orderadjustment',
            constraint=models.UniqueConstraint(fields=('order', 'kind'), name='adjustment_once_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='orderadjustment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='adjustment_not_negative'),
        ),
        migrations.AddIndex(
            model_name='voucheruse',
            index=models.Index(condition=models.Q(('returned_at', None)), fields=['voucher', 'user'], name='voucher_use_counting'),
        ),
        migrations.AddConstraint(
            model_name='voucheruse',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='voucher_use_not_negative'),
        ),
    ]
