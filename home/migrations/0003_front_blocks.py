"""The front page becomes a stream of blocks; what it said in fields, it says in them."""

import json
from uuid import NAMESPACE_URL, uuid5

import django.core.validators
import wagtail.fields
from django.db import migrations
from django.utils.html import escape, linebreaks

OLD_FIELDS = (
    "hero_title", "hero_lead", "hero_button", "hero_picture", "hero_picture_alt", "season_title",
    "categories_title", "steps_title", "steps", "about_title", "about_text", "about_button",
    "journal_title", "questions_title", "questions",
)


def move_words(apps, schema_editor):
    """Of the pages themselves, and of their drafts and older versions."""
    FrontPage = apps.get_model("home", "FrontPage")
    Revision = apps.get_model("wagtailcore", "Revision")
    for page in FrontPage.objects.all():
        old = {name: getattr(page, name) for name in OLD_FIELDS if name not in {"hero_picture", "steps", "questions"}}
        old["hero_picture"] = page.hero_picture_id
        old["steps"], old["questions"] = list(page.steps.raw_data), list(page.questions.raw_data)
        FrontPage.objects.filter(pk=page.pk).update(body=json.dumps(build_blocks(old)))
        for revision in Revision.objects.filter(object_id=str(page.pk), content_type__model="frontpage"):
            move_revision(revision)


def move_revision(revision):
    content = revision.content
    old = {name: content.pop(name, "") for name in OLD_FIELDS}
    for name in ("steps", "questions"):
        old[name] = json.loads(old[name] or "[]")
    content["body"] = json.dumps(build_blocks(old))
    revision.save(update_fields=["content"])


def build_blocks(old):
    """The blocks in the order in which the old page showed them."""
    picture = {"image": old["hero_picture"], "alt": old["hero_picture_alt"]}
    hero = {"title": old["hero_title"], "lead": old["hero_lead"], "button": link(old["hero_button"], "catalog")}
    berries = {"title": old["season_title"], "rule": "in_season", "category": None, "berries": [], "count": 8}
    about = {
        "title": old["about_title"],
        "image": None,
        "alt": "",
        "text": linebreaks(escape(old["about_text"])),
        "button": link(old["about_button"], "about"),
        "side": "left",
    }
    blocks = [
        ("hero", {**hero, **picture}),
        ("berries", berries),
        ("categories", {"title": old["categories_title"]}),
        *[("steps", {"title": old["steps_title"], "steps": list_items(old["steps"])})] * bool(old["steps"]),
        *[("picture_text", about)] * bool(old["about_text"]),
        ("articles", {"title": old["journal_title"], "count": 3}),
        ("letters", {"title": "", "text": ""}),
        *[("questions", {"title": old["questions_title"], "questions": list_items(old["questions"])})]
        * bool(old["questions"]),
    ]
    return [{"type": kind, "value": value, "id": make_id(kind)} for kind, value in blocks]


def link(text, place):
    return {"text": text, "place": place, "page": None, "address": ""}


def list_items(blocks):
    return [{"type": "item", "value": block["value"], "id": block["id"]} for block in blocks]


def make_id(kind):
    """The same in both languages, so that translations find each other."""
    return str(uuid5(NAMESPACE_URL, f"anyberry/front/{kind}"))


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_newsletter"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AddField(
            model_name='frontpage',
            name='body',
            field=wagtail.fields.StreamField([('hero', 9), ('berries', 16), ('categories', 17), ('season', 19), ('picture_text', 22), ('steps', 27), ('zones', 29), ('articles', 31), ('letters', 29), ('questions', 36), ('action', 37), ('text', 38), ('picture', 42), ('gallery', 43), ('facts', 48), ('quotation', 50)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Headline', 'max_length': 120}), 1: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture', 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture shows, in a sentence.', 'label': 'Alternative text', 'max_length': 200, 'required': False}), 3: ('wagtail.blocks.TextBlock', (), {'label': 'Lead', 'required': False}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Button', 'max_length': 40, 'required': False}), 5: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('catalog', 'All berries'), ('season', 'Season calendar'), ('journal', 'Journal'), ('newsletter', 'Newsletter'), ('about', 'First page of the footer'), ('page', 'Another page of the site'), ('address', 'Another site')], 'label': 'Leads to'}), 6: ('wagtail.blocks.PageChooserBlock', (), {'help_text': 'Visitors come to it in their own language.', 'label': 'Page', 'required': False}), 7: ('wagtail.blocks.URLBlock', (), {'label': 'Address', 'required': False, 'validators': [django.core.validators.URLValidator(schemes=['http', 'https'])]}), 8: ('wagtail.blocks.StructBlock', [[('text', 4), ('place', 5), ('page', 6), ('address', 7)]], {'label': 'Button'}), 9: ('wagtail.blocks.StructBlock', [[('title', 0), ('image', 1), ('alt', 2), ('lead', 3), ('button', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120, 'required': False}), 11: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('in_season', 'In season now'), ('new', 'New ones first'), ('back_in_stock', 'Back in stock this week'), ('category', 'Of a category'), ('chosen', 'Those chosen below')], 'label': 'Which berries'}), 12: ('wagtail.snippets.blocks.SnippetChooserBlock', ('shop.Category',), {'label': 'Category', 'required': False}), 13: ('wagtail.snippets.blocks.SnippetChooserBlock', ('shop.Berry',), {}), 14: ('wagtail.blocks.ListBlock', (13,), {'default': [], 'label': 'Berries', 'max_num': 12}), 15: ('wagtail.blocks.IntegerBlock', (), {'default': 8, 'label': 'At most', 'max_value': 12, 'min_value': 1}), 16: ('wagtail.blocks.StructBlock', [[('title', 10), ('rule', 11), ('category', 12), ('berries', 14), ('count', 15)]], {}), 17: ('wagtail.blocks.StructBlock', [[('title', 10)]], {}), 18: ('wagtail.blocks.ListBlock', (13,), {'default': [], 'help_text': 'None: six of those in season now.', 'label': 'Berries', 'max_num': 12}), 19: ('wagtail.blocks.StructBlock', [[('title', 10), ('berries', 18)]], {}), 20: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Text'}), 21: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('left', 'Picture on the left'), ('right', 'Picture on the right')], 'label': 'Side'}), 22: ('wagtail.blocks.StructBlock', [[('title', 10), ('image', 1), ('alt', 2), ('text', 20), ('button', 8), ('side', 21)]], {}), 23: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 24: ('wagtail.blocks.TextBlock', (), {'label': 'Text'}), 25: ('wagtail.blocks.StructBlock', [[('title', 23), ('text', 24)]], {}), 26: ('wagtail.blocks.ListBlock', (25,), {'label': 'Steps', 'max_num': 6, 'min_num': 1}), 27: ('wagtail.blocks.StructBlock', [[('title', 10), ('steps', 26)]], {}), 28: ('wagtail.blocks.TextBlock', (), {'label': 'Text', 'required': False}), 29: ('wagtail.blocks.StructBlock', [[('title', 10), ('text', 28)]], {}), 30: ('wagtail.blocks.IntegerBlock', (), {'default': 3, 'label': 'At most', 'max_value': 9, 'min_value': 1}), 31: ('wagtail.blocks.StructBlock', [[('title', 10), ('count', 30)]], {}), 32: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 33: ('wagtail.blocks.TextBlock', (), {'label': 'Answer'}), 34: ('wagtail.blocks.StructBlock', [[('question', 32), ('answer', 33)]], {}), 35: ('wagtail.blocks.ListBlock', (34,), {'label': 'Questions', 'max_num': 30, 'min_num': 1}), 36: ('wagtail.blocks.StructBlock', [[('title', 10), ('questions', 35)]], {}), 37: ('wagtail.blocks.StructBlock', [[('title', 10), ('text', 28), ('button', 8)]], {}), 38: ('core.blocks.text.TextBlock', (), {}), 39: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 40: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture shows, in a sentence.', 'label': 'Alternative text', 'max_length': 200}), 41: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 42: ('wagtail.blocks.StructBlock', [[('image', 39), ('alt', 40), ('caption', 41)]], {}), 43: ('core.blocks.gallery.GalleryBlock', (), {}), 44: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 80}), 45: ('wagtail.blocks.CharBlock', (), {'label': 'Value', 'max_length': 200}), 46: ('wagtail.blocks.StructBlock', [[('name', 44), ('value', 45)]], {}), 47: ('wagtail.blocks.ListBlock', (46,), {'label': 'Facts'}), 48: ('wagtail.blocks.StructBlock', [[('items', 47)]], {}), 49: ('wagtail.blocks.CharBlock', (), {'label': 'Author', 'max_length': 120, 'required': False}), 50: ('wagtail.blocks.StructBlock', [[('text', 24), ('author', 49)]], {})}, verbose_name='body'),
        ),
        migrations.RunPython(move_words, migrations.RunPython.noop),
        *[migrations.RemoveField("frontpage", name) for name in OLD_FIELDS],
        migrations.AlterField(
            model_name='standardpage',
            name='body',
            field=wagtail.fields.StreamField([('text', 0), ('picture', 4), ('gallery', 5), ('facts', 10), ('quotation', 13), ('berries', 20), ('categories', 21), ('season', 23), ('picture_text', 33), ('steps', 37), ('zones', 39), ('articles', 41), ('letters', 39), ('questions', 46), ('action', 47)], blank=True, block_lookup={0: ('core.blocks.text.TextBlock', (), {}), 1: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture shows, in a sentence.', 'label': 'Alternative text', 'max_length': 200}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('image', 1), ('alt', 2), ('caption', 3)]], {}), 5: ('core.blocks.gallery.GalleryBlock', (), {}), 6: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 80}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'Value', 'max_length': 200}), 8: ('wagtail.blocks.StructBlock', [[('name', 6), ('value', 7)]], {}), 9: ('wagtail.blocks.ListBlock', (8,), {'label': 'Facts'}), 10: ('wagtail.blocks.StructBlock', [[('items', 9)]], {}), 11: ('wagtail.blocks.TextBlock', (), {'label': 'Text'}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Author', 'max_length': 120, 'required': False}), 13: ('wagtail.blocks.StructBlock', [[('text', 11), ('author', 12)]], {}), 14: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120, 'required': False}), 15: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('in_season', 'In season now'), ('new', 'New ones first'), ('back_in_stock', 'Back in stock this week'), ('category', 'Of a category'), ('chosen', 'Those chosen below')], 'label': 'Which berries'}), 16: ('wagtail.snippets.blocks.SnippetChooserBlock', ('shop.Category',), {'label': 'Category', 'required': False}), 17: ('wagtail.snippets.blocks.SnippetChooserBlock', ('shop.Berry',), {}), 18: ('wagtail.blocks.ListBlock', (17,), {'default': [], 'label': 'Berries', 'max_num': 12}), 19: ('wagtail.blocks.IntegerBlock', (), {'default': 8, 'label': 'At most', 'max_value': 12, 'min_value': 1}), 20: ('wagtail.blocks.StructBlock', [[('title', 14), ('rule', 15), ('category', 16), ('berries', 18), ('count', 19)]], {}), 21: ('wagtail.blocks.StructBlock', [[('title', 14)]], {}), 22: ('wagtail.blocks.ListBlock', (17,), {'default': [], 'help_text': 'None: six of those in season now.', 'label': 'Berries', 'max_num': 12}), 23: ('wagtail.blocks.StructBlock', [[('title', 14), ('berries', 22)]], {}), 24: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture', 'required': False}), 25: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture shows, in a sentence.', 'label': 'Alternative text', 'max_length': 200, 'required': False}), 26: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Text'}), 27: ('wagtail.blocks.CharBlock', (), {'label': 'Button', 'max_length': 40, 'required': False}), 28: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('catalog', 'All berries'), ('season', 'Season calendar'), ('journal', 'Journal'), ('newsletter', 'Newsletter'), ('about', 'First page of the footer'), ('page', 'Another page of the site'), ('address', 'Another site')], 'label': 'Leads to'}), 29: ('wagtail.blocks.PageChooserBlock', (), {'help_text': 'Visitors come to it in their own language.', 'label': 'Page', 'required': False}), 30: ('wagtail.blocks.URLBlock', (), {'label': 'Address', 'required': False, 'validators': [django.core.validators.URLValidator(schemes=['http', 'https'])]}), 31: ('wagtail.blocks.StructBlock', [[('text', 27), ('place', 28), ('page', 29), ('address', 30)]], {'label': 'Button'}), 32: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('left', 'Picture on the left'), ('right', 'Picture on the right')], 'label': 'Side'}), 33: ('wagtail.blocks.StructBlock', [[('title', 14), ('image', 24), ('alt', 25), ('text', 26), ('button', 31), ('side', 32)]], {}), 34: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 35: ('wagtail.blocks.StructBlock', [[('title', 34), ('text', 11)]], {}), 36: ('wagtail.blocks.ListBlock', (35,), {'label': 'Steps', 'max_num': 6, 'min_num': 1}), 37: ('wagtail.blocks.StructBlock', [[('title', 14), ('steps', 36)]], {}), 38: ('wagtail.blocks.TextBlock', (), {'label': 'Text', 'required': False}), 39: ('wagtail.blocks.StructBlock', [[('title', 14), ('text', 38)]], {}), 40: ('wagtail.blocks.IntegerBlock', (), {'default': 3, 'label': 'At most', 'max_value': 9, 'min_value': 1}), 41: ('wagtail.blocks.StructBlock', [[('title', 14), ('count', 40)]], {}), 42: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 43: ('wagtail.blocks.TextBlock', (), {'label': 'Answer'}), 44: ('wagtail.blocks.StructBlock', [[('question', 42), ('answer', 43)]], {}), 45: ('wagtail.blocks.ListBlock', (44,), {'label': 'Questions', 'max_num': 30, 'min_num': 1}), 46: ('wagtail.blocks.StructBlock', [[('title', 14), ('questions', 45)]], {}), 47: ('wagtail.blocks.StructBlock', [[('title', 14), ('text', 38), ('button', 31)]], {})}, verbose_name='body'),
        ),
    ]
