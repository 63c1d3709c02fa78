"""Writes a fixture: compact JSON with the versions of what made it, doubles in their shortest exact form."""

import json
import math
import pathlib
import sys
from importlib.metadata import version

FOLDER = pathlib.Path(__file__).resolve().parent / "vectors"


def plain(value):
    """numpy scalars become Python's; infinities and NaN become strings, which JSON can hold."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return value


def write(name, cases, *packages, **versions):
    for package in packages:
        versions[package] = version(package)
    versions["python"] = sys.version.split()[0]
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps({"madeWith": versions, "cases": plain(cases)}, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")
