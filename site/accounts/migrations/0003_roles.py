"""Makes the staff's groups out of Wagtail's own two, with all that each role needs and nothing else."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITORS, MODERATORS, MANAGERS, PACKERS = "Редакторы", "Модераторы", "Менеджеры", "Сборщики"
# Wagtail's groups, and that of an earlier demo, become ours: whoever is in them stays.
OLD_NAMES = {"Editors": EDITORS, "Moderators": MODERATORS, "Managers": MANAGERS}
APPROVAL, OLD_APPROVAL = "Проверка модератором", "Moderators approval"


def name_rights(app, verbs, *models):
    return [f"{app}.{verb}_{model}" for model in models for verb in verbs]


ENTER = ["wagtailadmin.access_admin"]
WORDS = [
    *ENTER,
    "wagtail_localize.submit_translation",
    *name_rights("shop", ["view"], "berry", "pack"),
    *name_rights("shop", ["add", "change", "view"], "category"),
]
RIGHTS = {
    EDITORS: WORDS,
    MODERATORS: [*WORDS, *name_rights("wagtailredirects", ["add", "change", "delete", "view"], "redirect")],
    MANAGERS: [
        *ENTER,
        *name_rights("shop", ["add", "change", "view"], "berry", "pack", "category"),
        *name_rights("shop", ["add", "change", "view"], "deliveryslot", "deliveryzone"),
        # Changing a lot is writing off what has spoilt.
        *name_rights("shop", ["add", "change", "view"], "lot"),
        *name_rights("shop", ["view"], "stockmovement", "cheque"),
        *name_rights("shop", ["change", "view"], "order", "delivery"),
    ],
    PACKERS: ENTER,
}
PAGE_RIGHTS = {
    EDITORS: ["add", "change"],
    MODERATORS: ["add", "change", "publish", "lock", "unlock", "bulk_delete"],
}
LIBRARY_RIGHTS = {
    EDITORS: ["add", "change", "choose"],
    MODERATORS: ["add", "change", "choose", "delete"],
}


def make_roles(apps, schema_editor):
    make_permissions(apps)
    Group = apps.get_model("auth", "Group")
    for old, new in OLD_NAMES.items():
        Group.objects.filter(name=old).update(name=new)
    for name, rights in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(find_permissions(apps, rights))
        place_rights(apps, group)
    name_approval(apps, Group.objects.get(name=MODERATORS))


def make_permissions(apps):
    """Django makes permissions after all migrations; they are needed now."""
    for config in apps.get_app_configs():
        config.models_module = True
        create_permissions(config, verbosity=0, apps=apps)
        config.models_module = None


def find_permissions(apps, names):
    Permission = apps.get_model("auth", "Permission")
    wanted = set(names)
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(
            codename__in={name.split(".")[1] for name in wanted}
        ).select_related("content_type")
    }
    if missing := wanted - found.keys():
        raise LookupError(f"No such permissions: {', '.join(sorted(missing))}")
    return [found[name] for name in wanted]


def place_rights(apps, group):
    """Pages and the library are given by place: the whole tree, all collections."""
    PageRight = apps.get_model("wagtailcore", "GroupPagePermission")
    LibraryRight = apps.get_model("wagtailcore", "GroupCollectionPermission")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    PageRight.objects.filter(group=group).delete()
    LibraryRight.objects.filter(group=group).delete()
    pages = [f"wagtailcore.{verb}_page" for verb in PAGE_RIGHTS.get(group.name, [])]
    for permission in find_permissions(apps, pages):
        PageRight._base_manager.create(group=group, page=root, permission=permission)
    verbs = LIBRARY_RIGHTS.get(group.name, [])
    library = name_rights("wagtailimages", verbs, "image") + name_rights("wagtaildocs", verbs, "document")
    for permission in find_permissions(apps, library):
        LibraryRight.objects.create(group=group, collection=collection, permission=permission)


def name_approval(apps, moderators):
    """Wagtail's workflow for the whole tree, in words that editors understand."""
    Task = apps.get_model("wagtailcore", "GroupApprovalTask")
    Task.objects.filter(name=OLD_APPROVAL).update(name=APPROVAL)
    apps.get_model("wagtailcore", "Workflow").objects.filter(name=OLD_APPROVAL).update(name=APPROVAL)
    for task in Task.objects.filter(name=APPROVAL):
        task.groups.set([moderators])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("home", "0001_initial"),
        ("payments", "0001_initial"),
        ("shop", "0001_initial"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
