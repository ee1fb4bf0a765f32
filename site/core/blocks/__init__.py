"""Blocks that any page may use, one file each."""

from core.blocks.facts import FactsBlock
from core.blocks.gallery import GalleryBlock
from core.blocks.picture import PictureBlock
from core.blocks.quotation import QuotationBlock
from core.blocks.text import TextBlock

ARTICLE_BLOCKS = [
    ("text", TextBlock()),
    ("picture", PictureBlock()),
    ("gallery", GalleryBlock()),
    ("facts", FactsBlock()),
    ("quotation", QuotationBlock()),
]

__all__ = ["ARTICLE_BLOCKS", "FactsBlock", "GalleryBlock", "PictureBlock", "QuotationBlock", "TextBlock"]
