"""Couriers: people who bring orders and never see the admin. Managers plan the week. Addresses get a postcode."""

import django.core.validators
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

COURIERS, MANAGERS = "Курьеры", "Менеджеры"
PLANS = {
    f"shop.{verb}_{model}"
    for verb in ("add", "change", "delete", "view")
    for model in ("slottemplate", "closure")
}
RIGHTS = {
    COURIERS: {"shop.carry_delivery"},
    MANAGERS: PLANS | {"shop.carry_delivery"},
}


def give_rights(apps, schema_editor):
    for config in apps.get_app_configs():  # Django makes permissions after all migrations
        config.models_module = True
        create_permissions(config, verbosity=0, apps=apps)
        config.models_module = None
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in apps.get_model("auth", "Permission").objects.select_related("content_type")
    }
    groups = apps.get_model("auth", "Group").objects
    for name, rights in RIGHTS.items():
        group, _created = groups.get_or_create(name=name)
        group.permissions.add(*(known[right] for right in rights))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_rights"), ("shop", "0007_delivery")]

    operations = [
        migrations.AddField(
            model_name="address",
            name="postcode",
            field=models.CharField(
                blank=True,
                default="",
                max_length=6,
                validators=[django.core.validators.RegexValidator("^[0-9]{6}\\Z", "Six digits: 101000.")],
                verbose_name="postcode",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
