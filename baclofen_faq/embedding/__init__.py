"""Text to unit vector: the only place that loads the sentence embedding model."""

from baclofen_faq.embedding.encoder import DIMENSIONS, EmbeddingModelError, check_model_files, embed

__all__ = ["DIMENSIONS", "EmbeddingModelError", "check_model_files", "embed"]
