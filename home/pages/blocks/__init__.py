"""The parts that editors build pages of, one file each."""

from core.blocks import ARTICLE_BLOCKS
from home.pages.blocks.action import ActionBlock
from home.pages.blocks.articles import ArticlesBlock
from home.pages.blocks.berries import BerriesBlock
from home.pages.blocks.categories import CategoriesBlock
from home.pages.blocks.hero import HeroBlock
from home.pages.blocks.letters import LettersBlock
from home.pages.blocks.picture_text import PictureTextBlock
from home.pages.blocks.questions import QuestionsBlock
from home.pages.blocks.season import SeasonBlock
from home.pages.blocks.steps import StepsBlock
from home.pages.blocks.zones import ZonesBlock

SECTIONS = [
    ("berries", BerriesBlock()),
    ("categories", CategoriesBlock()),
    ("season", SeasonBlock()),
    ("picture_text", PictureTextBlock()),
    ("steps", StepsBlock()),
    ("zones", ZonesBlock()),
    ("articles", ArticlesBlock()),
    ("letters", LettersBlock()),
    ("questions", QuestionsBlock()),
    ("action", ActionBlock()),
]
FRONT_BLOCKS = [("hero", HeroBlock()), *SECTIONS, *ARTICLE_BLOCKS]
PAGE_BLOCKS = [*ARTICLE_BLOCKS, *SECTIONS]

__all__ = ["FRONT_BLOCKS", "PAGE_BLOCKS", "SECTIONS"]
