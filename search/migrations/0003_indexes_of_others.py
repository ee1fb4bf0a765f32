from django.db import migrations


class Migration(migrations.Migration):
    """Articles, recipes, categories and plain pages get word indexes of their own.

    They are few beside the berries: without these, each look for them reads all berries' words, too.
    """

    dependencies = [("search", "0002_searched_queries")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX search_others_words ON wagtailsearch_indexentry USING gin ((title || body))
            WHERE berry_id = 0 AND shelf <> ''
            """,
            "DROP INDEX search_others_words",
        ),
        migrations.RunSQL(
            """
            CREATE INDEX search_others_beginnings ON wagtailsearch_indexentry USING gin (autocomplete)
            WHERE berry_id = 0 AND shelf <> ''
            """,
            "DROP INDEX search_others_beginnings",
        ),
        migrations.RunSQL(
            "DROP INDEX search_entry_others",
            """
            CREATE INDEX search_entry_others ON wagtailsearch_indexentry (shelf)
            WHERE berry_id = 0 AND shelf <> ''
            """,
        ),
    ]
