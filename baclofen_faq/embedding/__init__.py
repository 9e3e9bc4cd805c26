"""Text to unit vector: the only place that loads the sentence embedding model."""

from baclofen_faq.embedding.encoder import DIMENSIONS, EmbeddingModelError, embed

__all__ = ["DIMENSIONS", "EmbeddingModelError", "embed"]
