"""Checks the cases of export-cases.cjs with onnx.checker and Python's onnxruntime.

    python -m venv VENV && VENV/bin/pip install onnx onnxruntime numpy
    node libs/onnx/reference/export-cases.cjs DIR
    VENV/bin/python libs/onnx/reference/check_cases.py DIR
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-6


def feed(model, inputs):
    types = {"tensor(double)": np.float64, "tensor(bool)": np.bool_, "tensor(string)": object}
    return {i.name: np.array(inputs[i.name], dtype=types[i.type]).reshape(-1, 1) for i in model.get_inputs()}


def check(path):
    onnx.checker.check_model(onnx.load(path), full_check=True)
    case = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    inputs = {
        name: [float(x) if isinstance(x, str) and name in ("income", "age", "opened at") else x for x in column]
        for name, column in case["inputs"].items()
    }
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    answers = dict(zip([o.name for o in session.get_outputs()], session.run(None, feed(session, inputs))))
    expected = np.array([float(x) for x in case["expected"]])
    got = answers.get("probability", answers.get("prediction"))
    flat = got.reshape(-1)
    # Infinite inputs of a linear model give NaN on both sides.
    same = (flat == expected) | (np.isnan(flat) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        difference = np.where(same, 0, np.abs(flat - expected) / np.maximum(1, np.abs(expected)))
    if case["classes"]:
        known = ~np.isnan(got).any(axis=1)
        best = np.array(case["classes"])[got.argmax(axis=1)]
        assert (answers["label"] == best)[known].all(), f"{path.name}: labels differ"
    assert difference.max() <= TOLERANCE, f"{path.name}: {difference.max()}"
    return difference.max()


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    assert paths, "no cases"
    worst = max(check(path) for path in paths)
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}: {len(paths)} cases, greatest difference {worst:.3g}")


main()
