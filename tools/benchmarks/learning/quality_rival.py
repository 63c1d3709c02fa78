"""One rival on one data set, every fold: `quality_rival.py ENGINE FOLDER NAME`. Prints the measures as JSON."""
import json
import pathlib
import sys

from rivals import fit, load, scores
import numpy as np

engine, folder, name = sys.argv[1:4]
meta, X, y, groups = load(folder, name)
folds = np.fromfile(pathlib.Path(folder) / f"{name}.folds").reshape(meta["repeats"], meta["rows"])
X = np.ascontiguousarray(X)
part = lambda rows: (X[rows], y[rows], None if groups is None else groups[rows])
parts = [scores(fit(engine, meta, *part(f != k)), meta, *part(f == k)) for f in folds for k in range(5)]
print(json.dumps({key: [each[key] for each in parts] for key in parts[0]}))
