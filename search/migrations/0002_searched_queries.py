"""Rows for what people search."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchedQuery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('language', models.CharField(choices=[('ru', 'Русский'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('text', models.CharField(max_length=60, verbose_name='query')),
                ('searches', models.PositiveIntegerField(default=0, verbose_name='searches')),
                ('hits', models.PositiveIntegerField(default=0, help_text='What the day’s last search found.', verbose_name='hits')),
            ],
            options={
                'verbose_name': 'searched query',
                'verbose_name_plural': 'searched queries',
                'ordering': ['-on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('language', 'text', 'on'), name='searched_query_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='OpenedPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens', models.PositiveIntegerField(default=0, verbose_name='opens')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page')),
                ('query', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opened', to='search.searchedquery', verbose_name='query')),
            ],
            options={
                'verbose_name': 'opened page',
                'verbose_name_plural': 'opened pages',
                'constraints': [models.UniqueConstraint(fields=('query', 'page'), name='opened_page_once_a_query')],
            },
        ),
    ]
