"""Rows: what speakers hear; products, and the cards their makers read."""

from __future__ import annotations

from .makers import Card, CardGroup, Maker, Product
from .speakers import Feedback, FeedbackReader

__all__ = ["Card", "CardGroup", "Feedback", "FeedbackReader", "Maker", "Product"]
