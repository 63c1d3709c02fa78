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

TOLERANCE = 1e-9


def column(kind, cells):
    if kind == "tensor(double)":
        return np.array([float(cell) for cell in cells]).reshape(-1, 1)
    return np.array(cells, dtype=np.bool_ if kind == "tensor(bool)" else object).reshape(-1, 1)


def check(path):
    onnx.checker.check_model(onnx.load(path), full_check=True)
    case = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    feeds = {i.name: column(i.type, case["inputs"][i.name]) for i in session.get_inputs()}
    answers = dict(zip([o.name for o in session.get_outputs()], session.run(None, feeds)))
    expected = np.array([float(x) for x in case["expected"]])
    got = answers.get("probability", answers.get("prediction"))
    flat = got.reshape(-1)
    assert flat.shape == expected.shape, f"{case['name']}: {flat.shape} answers, {expected.shape} expected"
    # Infinite inputs of a linear model give NaN on both sides.
    same = (flat == expected) | (np.isnan(flat) & np.isnan(expected))
    with np.errstate(invalid="ignore"):
        difference = np.where(same, 0, np.abs(flat - expected) / np.maximum(1, np.abs(expected)))
    if case["classes"]:
        known = ~np.isnan(got).any(axis=1)
        best = np.array(case["classes"])[got.argmax(axis=1)]
        assert (answers["label"] == best)[known].all(), f"{case['name']}: labels differ"
    assert difference.max() <= TOLERANCE, f"{case['name']}: {difference.max()}"
    return difference.max(), case["name"]


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    assert paths, "no cases"
    worst, name = max(check(path) for path in paths)
    versions = f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}"
    print(f"{versions}: {len(paths)} cases, greatest difference {worst:.3g} ({name})")


main()
