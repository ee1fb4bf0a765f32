"""Lets managers export orders, and managers and packers hand them over to the courier."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = {
    "Менеджеры": ["hand_over_order", "export_order"],
    "Сборщики": ["hand_over_order"],
}


def give_rights(apps, schema_editor):
    config = apps.get_app_config("shop")
    config.models_module = True  # Django makes permissions after all migrations
    create_permissions(config, verbosity=0, apps=apps)
    config.models_module = None
    Permission = apps.get_model("auth", "Permission")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=RIGHTS):
        names = RIGHTS[group.name]
        group.permissions.add(*Permission.objects.filter(content_type__app_label="shop", codename__in=names))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_price_rights"), ("shop", "0009_office")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
