"""One engine on one data set, in a process of its own. Prints one line of JSON: seconds, AUC or RMSE, peak memory."""
import json
import os
import pathlib
import re
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np

engine, mode, folder, name = sys.argv[1:5]
folder = pathlib.Path(folder)
meta = json.loads((folder / "meta.json").read_text())[name]
n, d = meta["rows"], meta["features"]
X = np.fromfile(folder / f"{name}.x").reshape(d, n).T
y = np.fromfile(folder / f"{name}.y")
cat = meta["categorical"]
task = meta["task"]


def make():
    common = {"max_iter": 100} if engine == "scikit-learn" else {"n_estimators": 100, "n_jobs": 1}
    if engine == "scikit-learn":
        from sklearn.ensemble import HistGradientBoostingClassifier as C, HistGradientBoostingRegressor as R

        return (C if task == "binary" else R)(early_stopping=False, categorical_features=cat or None, **common)
    if engine == "LightGBM":
        import lightgbm

        kind = lightgbm.LGBMClassifier if task == "binary" else lightgbm.LGBMRegressor
        return kind(learning_rate=0.1, num_leaves=31, max_bin=255, verbose=-1, **common)
    import xgboost

    kind = xgboost.XGBClassifier if task == "binary" else xgboost.XGBRegressor
    return kind(
        learning_rate=0.1, tree_method="hist", grow_policy="lossguide", max_leaves=31, max_depth=0, enable_categorical=True,
        feature_types=["c" if j in cat else "q" for j in range(d)], **common,
    )


def fit(model, X, y):
    if engine == "LightGBM":
        model.fit(X, y, categorical_feature=cat or "auto")
    else:
        model.fit(X, y)
    return model


def scores(model, X, y):
    from sklearn.metrics import log_loss, roc_auc_score

    if task == "regression":
        return {"rmse": float(np.sqrt(np.mean((model.predict(X) - y) ** 2)))}
    p = model.predict_proba(X)[:, 1]
    return {"auc": float(roc_auc_score(y, p)), "logLoss": float(log_loss(y, np.clip(p, 1e-15, 1 - 1e-15)))}


def resident(key):
    return int(re.search(rf"{key}:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())[1])


if mode == "speed":
    train = np.arange(n) % 5 != 4
    # Each engine gets the layout that it reads fastest.
    Xt, Xv = np.asfortranarray(X[train]) if engine == "scikit-learn" else np.ascontiguousarray(X[train]), X[~train]
    yt, yv = y[train], y[~train]
    del X
    make()
    before = resident("VmRSS")
    # Sets the peak back to what is resident now.
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    times = []
    for _ in range(3 if n <= 1_000_000 else 1):
        start = time.process_time()
        model = fit(make(), Xt, yt)
        times.append(time.process_time() - start)
    peak = resident("VmHWM")
    result = {"seconds": min(times), "memoryMB": (peak - before) / 1024, **scores(model, Xv, yv)}
else:
    folds = np.fromfile(folder / f"{name}.folds").reshape(meta["repeats"], n)
    X = np.ascontiguousarray(X)
    parts = [scores(fit(make(), X[f != k], y[f != k]), X[f == k], y[f == k]) for f in folds for k in range(5)]
    result = {key: [part[key] for part in parts] for key in parts[0]}
print(json.dumps(result))
