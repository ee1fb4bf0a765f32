"""Gives the roles what came after them: the newsletter, opinions, the journal's lists, the search."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITORS, MODERATORS, MANAGERS, PACKERS = "Редакторы", "Модераторы", "Менеджеры", "Сборщики"


def name_rights(app, verbs, *models):
    return {f"{app}.{verb}_{model}" for model in models for verb in verbs}


LISTS = name_rights("home", ["add", "change", "view"], "author", "topic")
SEARCH = name_rights("search", ["add", "change", "view"], "promotion", "synonym") | {"search.view_searchedquery"}
RIGHTS = {
    EDITORS: LISTS | SEARCH,
    MODERATORS: LISTS
    | SEARCH
    | name_rights("home", ["delete"], "author", "topic")
    | name_rights("search", ["delete"], "promotion", "synonym")
    | name_rights("home", ["change", "delete", "view"], "comment")
    | name_rights("shop", ["change", "delete", "view"], "review")
    | {"home.send_newsletter", "home.view_mailing", "home.view_subscriber"},
    MANAGERS: name_rights("shop", ["view"], "review") | {"search.view_searchedquery"},
    # What is to be packed is read from deliveries, without the sums and addresses of orders.
    PACKERS: {"shop.view_delivery"},
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
    for group in apps.get_model("auth", "Group").objects.filter(name__in=RIGHTS):
        group.permissions.add(*(known[name] for name in RIGHTS[group.name]))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_roles"),
        ("home", "0004_recipes_and_comments"),
        ("search", "0002_searched_queries"),
        ("shop", "0006_reviews"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
