"""SHAP values of XGBoost (path-dependent) and of `shap` (interventional) on the same trees, with missing values."""
import json

import numpy as np
import shap
import xgboost
from fixture import write

rng = np.random.default_rng(5)
X = rng.normal(size=(1500, 6)).astype(np.float32)
X[rng.random(X.shape) < 0.1] = np.nan
z = np.nan_to_num(X[:, 0]) * 2 - np.isnan(X[:, 1]) + np.nan_to_num(X[:, 2]) * np.nan_to_num(X[:, 3])
y = (rng.random(1500) < 1 / (1 + np.exp(-z))).astype(int)
model = xgboost.train(
    {"objective": "binary:logistic", "max_depth": 5, "eta": 0.3, "base_score": 0.5}, xgboost.DMatrix(X, label=y), 15
)
learner = json.loads(model.save_raw("json"))["learner"]
keys = {
    "left": "left_children",
    "right": "right_children",
    "feature": "split_indices",
    "threshold": "split_conditions",
    "missingLeft": "default_left",
    "cover": "sum_hessian",
}
trees = []
for tree in learner["gradient_booster"]["model"]["trees"]:
    nodes = {name: np.array(tree[key]).tolist() for name, key in keys.items()}
    # XGBoost goes left where v < t, in float32: the same as v <= the float32 before t.
    nodes["value"] = [float(np.float32(v)) for v in nodes["threshold"]]
    nodes["threshold"] = [float(np.nextafter(np.float32(v), np.float32(-np.inf))) for v in nodes["threshold"]]
    trees.append(nodes)
rows = X[:25]
background = X[100:140]
contributions = model.predict(xgboost.DMatrix(rows), pred_contribs=True)
inter = shap.TreeExplainer(model, data=background, feature_perturbation="interventional")
write(
    "shap",
    {
        "versions": {"xgboost": xgboost.__version__, "shap": shap.__version__},
        "trees": trees,
        "rows": rows.astype(float),
        "background": background.astype(float),
        "margins": model.predict(xgboost.DMatrix(rows), output_margin=True),
        "pathDependent": contributions,
        "interventional": inter.shap_values(rows),
        "interventionalBase": float(inter.expected_value),
    },
)
