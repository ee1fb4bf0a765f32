"""Lets managers read and answer complaints, and see who waits for which berry."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

MANAGERS = "Менеджеры"
RIGHTS = ["view_complaint", "change_complaint", "view_waiting"]


def give_rights(apps, schema_editor):
    config = apps.get_app_config("shop")
    config.models_module = True  # Django makes permissions after all migrations
    create_permissions(config, verbosity=0, apps=apps)
    config.models_module = None
    Permission = apps.get_model("auth", "Permission")
    for group in apps.get_model("auth", "Group").objects.filter(name=MANAGERS):
        group.permissions.add(*Permission.objects.filter(content_type__app_label="shop", codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_office_rights"), ("shop", "0010_favorites")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
