"""Rows for what people search. Who writes the pages' words teaches the search, managers read along."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

READING = ["view_searchedquery"]
TEACHING = [f"{verb}_{model}" for model in ("synonym", "promotion") for verb in ("add", "change", "view")]
RIGHTS = {
    "Редакторы": [*READING, *TEACHING],
    "Модераторы": [*READING, *TEACHING],
    "Менеджеры": READING,
}


def give_rights(apps, schema_editor):
    """Django makes permissions after all migrations; these are needed now."""
    config = apps.get_app_config("search")
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps)
    config.models_module = None
    Permission = apps.get_model("auth", "Permission")
    for name, rights in RIGHTS.items():
        wanted = Permission.objects.filter(content_type__app_label="search", codename__in=rights)
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*wanted)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_roles'),
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
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
