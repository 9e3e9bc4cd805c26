"""Text to vectors: the only place that loads the sentence embedding model."""

from baclofen_faq.embedding.encoder import (
    DIMENSIONS,
    EmbeddingModelError,
    check_hash,
    check_model_files,
    embed,
    summarize,
    windows,
)

__all__ = ["DIMENSIONS", "EmbeddingModelError", "check_hash", "check_model_files", "embed", "summarize", "windows"]
