"""The WSGI entry point that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from anyberry.starting import refuse_bad_payments

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anyberry.settings.production")

application = get_wsgi_application()
refuse_bad_payments()
