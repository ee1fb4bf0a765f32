"""People for tests."""

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from accounts.models import Address, User

PASSWORD = "raspberry sorbet at noon"


class UserFactory(DjangoModelFactory):
    """A shopper who has confirmed their address; `verified=False` makes one who has not."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"shopper{number}@example.com")
    name = "Анна Ягодкина"
    language = "ru"

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        if create:
            self.set_password(extracted or PASSWORD)
            self.save(update_fields=["password"])

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=extracted is not False
            )


class AddressFactory(DjangoModelFactory):
    """An address in a shopper's book."""

    class Meta:
        model = Address

    user = factory.SubFactory(UserFactory)
    city = "Москва"
    street = "Ягодная улица"
    house = "5"
    flat = "12"
    is_default = True
