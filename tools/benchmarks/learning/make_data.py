"""Writes the benchmark's data as raw little-endian doubles: features column by column, then the outcome, then folds."""
import json
import pathlib
import sys

import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes
from sklearn.model_selection import StratifiedKFold, KFold

source, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
meta = {}


def save(name, X, y, categorical=(), task="binary", folds=0):
    np.asarray(X, dtype="<f8", order="F").T.tofile(out / f"{name}.x")
    np.asarray(y, dtype="<f8").tofile(out / f"{name}.y")
    meta[name] = {"rows": X.shape[0], "features": X.shape[1], "categorical": list(categorical), "task": task}
    if folds:
        splitter = StratifiedKFold if task == "binary" else KFold
        all_folds = []
        for seed in range(folds):
            fold = np.zeros(len(y))
            for k, (_, test) in enumerate(splitter(5, shuffle=True, random_state=seed).split(X, y)):
                fold[test] = k
            all_folds.append(fold)
        np.asarray(all_folds, dtype="<f8").tofile(out / f"{name}.folds")
        meta[name]["repeats"] = folds


def synthetic(n, d, seed):
    r = np.random.default_rng(seed)
    X = r.normal(size=(n, d))
    X[:, 5:10] = np.round(X[:, 5:10] * 3)
    z = X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2]) + 0.5 * X[:, 3] ** 2 - 0.5 + X[:, 4] * (X[:, 5] > 0) + 0.3 * X[:, 6]
    return X, (r.random(n) < 1 / (1 + np.exp(-z))).astype(float)


def codes(frame):
    """Text columns as codes by name; missing is NaN."""
    categorical = []
    columns = {}
    for j, name in enumerate(frame.columns):
        column = frame[name]
        if column.dtype.kind in "OUTb" or str(column.dtype) in ("object", "str", "string", "category"):
            code = column.astype("category").cat.codes.to_numpy().astype(float)
            code[code < 0] = np.nan
            columns[name] = code
            categorical.append(j)
        else:
            columns[name] = column.to_numpy(dtype=float)
    return np.column_stack(list(columns.values())), categorical


X, y = synthetic(100_000, 20, 0)
save("synthetic", X, y)
X, y = synthetic(20_000, 500, 1)
save("wide", X, y)
flights = pd.read_parquet(source / "flights_us_2001h1_3m.parquet")
late = (flights["delay"] > 15).to_numpy()
date = flights["date"]
origin = flights["origin"].astype("category").cat.codes
destination = flights["destination"].astype("category").cat.codes
X = np.column_stack(
    [date.dt.month, date.dt.day_of_week, date.dt.hour, date.dt.minute, date.dt.day_of_year, flights["distance"], origin, destination]
).astype(float)
save("flights", X, late)

reps = int(sys.argv[3]) if len(sys.argv) > 3 else 1
for name, file, target, positive, drop in [
    ("credit", "credit_data_status.csv", "Status", "bad", []),
    ("mortgages", "hmda_mortgage.csv", "deny", "yes", []),
    ("churn", "churn_telco_watson.csv", "churn", "Yes", []),
    ("mortality", "flchain_mortality.csv", "death", 1, ["futime", "chapter"]),
]:
    frame = pd.read_csv(source / file)
    frame = frame.drop(columns=[c for c in frame.columns if c.startswith("Unnamed") or c == "rownames"] + drop)
    y = (frame.pop(target) == positive).to_numpy()
    X, categorical = codes(frame)
    save(name, X, y, categorical, folds=reps)
X, y = load_diabetes(return_X_y=True)
save("diabetes", X, y, task="regression", folds=reps)
frame = pd.read_csv(source / "flights_sea15_weather.csv.gz")
y = (frame["late15"].astype(float) > 0).to_numpy()
leaks = [c for c in frame.columns if c in ("late15", "cancelled") or "dep_delay" in c or "arr_" in c or "dep_time" in c or "air_time" in c]
frame = frame.drop(columns=leaks)
keep = [c for c in frame.columns if frame[c].nunique() <= 200 or frame[c].dtype.kind in "if"]
X, categorical = codes(frame[keep])
save("flights-2015", X, y, categorical, folds=reps)
(out / "meta.json").write_text(json.dumps(meta, indent=1))
