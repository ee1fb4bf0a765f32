"""Where allauth looks for the providers of an app."""

from accounts.providers.google import GoogleProvider
from accounts.providers.sber import SberProvider
from accounts.providers.vk import VKProvider
from accounts.providers.yandex import YandexProvider

# In the order of the buttons.
provider_classes = [YandexProvider, VKProvider, SberProvider, GoogleProvider]
