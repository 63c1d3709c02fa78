"""Writes a fixture: numbers with all their digits, and the versions that made them."""
import json
import pathlib
import sys

import numpy
import sklearn


def plain(value):
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (numpy.floating, float)):
        return None if value != value else float(value)
    if isinstance(value, numpy.integer):
        return int(value)
    return value


def write(name, content):
    versions = {"python": sys.version.split()[0], "numpy": numpy.__version__, "scikit-learn": sklearn.__version__}
    versions.update(content.pop("versions", {}))
    path = pathlib.Path(__file__).parent / "fixtures" / f"{name}.json"
    path.write_text(json.dumps({"versions": versions, **plain(content)}) + "\n")
