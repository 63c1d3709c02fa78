"""XGBoost's exact TreeSHAP: `shap_rival.py FOLDER DEPTH`. Writes model, rows and values to FOLDER, prints times as JSON."""
import json
import pathlib
import sys

from rivals import load
import numpy as np
import xgboost as xgb
from timing import timed

folder, depth = pathlib.Path(sys.argv[1]), int(sys.argv[2])
ROWS = 1000
_, X, y, _ = load(folder, "synthetic-train")
# XGBoost reads float32.
X = np.ascontiguousarray(X, dtype=np.float32)
X[::7, 3] = np.nan
data = xgb.DMatrix(X, y)
params = {"max_depth": depth, "eta": 0.1, "objective": "binary:logistic", "nthread": 1, "base_score": 0.5}
model = xgb.train(params, data, 100)
some = xgb.DMatrix(X[:ROWS], nthread=1)
some_values = model.predict(some, pred_contribs=True)
times = [timed(lambda: model.predict(some, pred_contribs=True))[0] for _ in range(5)]
model.save_model(folder / "shap-model.json")
np.asarray(X[:ROWS], dtype="<f8").tofile(folder / "shap.x")
np.asarray(some_values, dtype="<f8").tofile(folder / "shap.values")
print(json.dumps({"rows": ROWS, "times": times}))
