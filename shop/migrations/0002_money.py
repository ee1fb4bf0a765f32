"""Rows for what does not match, letters about money that goes back; managers may settle them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_managers_settle(apps, schema_editor):
    """Django makes permissions after all migrations; this one is needed now."""
    config = apps.get_app_config("shop")
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps)
    config.models_module = None
    right = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="shop", codename="settle_money"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Менеджеры"):
        group.permissions.add(right)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_roles'),
        ('payments', '0001_initial'),
        ('shop', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='started')),
                ('claimed_until', models.DateTimeField(blank=True, null=True, verbose_name='being worked on until')),
                ('cursor', models.UUIDField(blank=True, null=True, verbose_name='asked up to')),
                ('asked', models.PositiveIntegerField(default=0, verbose_name='bills asked about')),
                ('repaired', models.PositiveIntegerField(default=0, verbose_name='bills brought in step')),
                ('unasked', models.PositiveIntegerField(default=0, verbose_name='bills nobody answered about')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('reported_at', models.DateTimeField(blank=True, null=True, verbose_name='reported')),
            ],
            options={
                'verbose_name': 'reconciliation',
                'verbose_name_plural': 'reconciliations',
                'ordering': ['-day'],
                'get_latest_by': 'day',
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('pending', 'waiting'), ('sending', 'being sent'), ('sent', 'sent')], default='pending', max_length=8, verbose_name='status')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='claimed')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('kind', models.CharField(choices=[('refund_due', 'the money will be returned'), ('refunded', 'the money was returned')], max_length=12, verbose_name='kind')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='shop.order', verbose_name='order')),
                ('refund', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.refund', verbose_name='refund')),
            ],
            options={
                'verbose_name': 'letter about money',
                'verbose_name_plural': 'letters about money',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('status', 'sent')), models.Q(models.Q(('status', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='letter_sent_has_a_time'), models.UniqueConstraint(condition=models.Q(('kind', 'refund_due')), fields=('order',), name='letter_due_once_an_order'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'refund_due'), ('refund', None)), models.Q(('kind', 'refunded'), ('refund__isnull', False)), _connector='OR'), name='letter_refunded_names_its_refund')],
            },
        ),
        migrations.CreateModel(
            name='Mismatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('paid_late', 'paid after it was closed'), ('paid_twice', 'paid twice'), ('amount_differs', 'another bill or sum at the provider'), ('refund_due', 'refund failed'), ('refund_stuck', 'refund stuck'), ('refund_unknown', 'refund we know nothing of'), ('cheque_stuck', 'cheque stuck'), ('cheque_missing', 'cheque missing'), ('letter_stuck', 'letter stuck'), ('bill_unknown', 'bill we never made'), ('bill_missing', 'bill the provider does not know'), ('refused', 'refused by the provider'), ('out_of_step', 'out of step')], max_length=16, verbose_name='what')),
                ('subject', models.CharField(help_text='Which row it is about, as the program names it.', max_length=120, verbose_name='subject')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='amount, ₽')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='what was found')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='taken up')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled')),
                ('how', models.CharField(blank=True, choices=[('gone', 'its cause is gone'), ('by_person', 'settled by a person')], max_length=12, verbose_name='how')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('bill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.bill', verbose_name='bill')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mismatches', to='shop.order', verbose_name='order')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken up by')),
            ],
            options={
                'verbose_name': 'money mismatch',
                'verbose_name_plural': 'money mismatches',
                'ordering': ['found_at', 'pk'],
                'permissions': [('settle_money', 'Can see and settle money that does not match')],
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['found_at'], name='mismatch_open'), models.Index(fields=['kind', 'subject'], name='mismatch_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('kind', 'subject'), name='mismatch_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('how', ''), ('settled_at', None), ('settled_by', None)), models.Q(('settled_at__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='mismatch_settled_says_how'), models.CheckConstraint(condition=models.Q(models.Q(('taken_at', None), ('taken_by', None)), models.Q(('taken_at__isnull', False), ('taken_by__isnull', False)), _connector='OR'), name='mismatch_taken_says_by_whom')],
            },
        ),
        migrations.RunPython(let_managers_settle, migrations.RunPython.noop),
    ]
