"""One rival on NAME-train: `speed_rival.py ENGINE FOLDER NAME FITS`. Prints times, peak memory and AUC as JSON."""
import json
import pathlib
import re
import sys

from rivals import fit, load, make, scores
import numpy as np
from timing import timed


def resident(key):
    return int(re.search(rf"{key}:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024


engine, folder, name, fits = sys.argv[1:5]
meta, X, y, _ = load(folder, f"{name}-train")
# Each engine gets the layout that it reads fastest: scikit-learn columns, the others rows.
X = X if engine == "scikit-learn" else np.ascontiguousarray(X)
make(engine, meta)
before = resident("VmRSS")
# Sets the peak back to what is resident now.
pathlib.Path("/proc/self/clear_refs").write_text("5")
times, memory = [], None
for _ in range(int(fits)):
    time, model = timed(lambda: fit(engine, meta, X, y))
    times.append(time)
    memory = memory or {"before": before, "peak": resident("VmHWM")}
meta, X, y, _ = load(folder, f"{name}-test")
print(json.dumps({"times": times, "memory": memory, "AUC": scores(model, meta, X, y)["AUC"]}))
