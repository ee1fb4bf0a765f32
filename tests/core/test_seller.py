"""The seller's settings: what the footer, the mails and the checkout say about who sells."""

import pytest
from django.utils import translation
from wagtail.models import Page, Site

from core.models import SellerSettings
from core.templatetags.devices import browser
from tests.factories.catalog import get_front_page

pytestmark = pytest.mark.django_db


def make_seller(**fields) -> SellerSettings:
    return SellerSettings.objects.create(site=Site.objects.get(is_default_site=True), **fields)


def test_the_legal_name_follows_the_language_and_falls_back_to_russian():
    seller = make_seller(legal_name_ru="ООО «Энибери»", legal_name_en="Anyberry LLC")
    with translation.override("en"):
        assert seller.legal_name == "Anyberry LLC"
        seller.legal_name_en = ""
        assert seller.legal_name == "ООО «Энибери»"


def test_a_chosen_document_is_linked_and_a_missing_one_is_not():
    seller = make_seller(offer_page=get_front_page())

    assert seller.offer_url == "/"
    assert seller.privacy_url == ""


def test_deleting_a_document_page_keeps_the_seller():
    page = Page.get_first_root_node().add_child(instance=Page(title="Offer"))
    seller = make_seller(offer_page=page)
    page.delete()
    seller.refresh_from_db()
    assert seller.offer_page is None


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
            "Chrome, Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/138.0.0.0 YaBrowser/25.8 Safari/537.36",
            "Яндекс Браузер, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.5.0", "another program"),
        ("", "another program"),
    ],
)
def test_a_browser_is_named_in_words(user_agent, name):
    with translation.override("en"):
        assert browser(user_agent) == name
