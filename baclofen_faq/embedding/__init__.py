"""Text to vectors: the only place that loads the sentence embedding model."""

from baclofen_faq.embedding.encoder import (
    DIMENSIONS,
    EmbeddingModelError,
    Encoder,
    check_hash,
    check_model_files,
    embed,
    weights,
    whole_tokenizer,
    windows,
)

__all__ = [
    "DIMENSIONS",
    "EmbeddingModelError",
    "Encoder",
    "check_hash",
    "check_model_files",
    "embed",
    "weights",
    "whole_tokenizer",
    "windows",
]
