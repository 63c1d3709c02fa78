"""Writes the benchmarks' data as raw little-endian doubles: features column by column, outcome, folds, groups.

    make_data.py FOLDER_WITH_DATA OUT speed NAME SEED
    make_data.py FOLDER_WITH_DATA OUT quality REPEATS
"""
import json
import pathlib
import sys

import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

source, out, purpose = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
repeats = int(sys.argv[4]) if purpose == "quality" else 0
out.mkdir(parents=True, exist_ok=True)
meta = {}


def splits(X, y, task, groups, seed):
    if task == "ranking":
        return GroupKFold(5, shuffle=True, random_state=seed).split(X, y, groups)
    kind = StratifiedKFold if task == "binary" else KFold
    return kind(5, shuffle=True, random_state=seed).split(X, y)


def save(name, X, y, categorical=(), task="binary", groups=None):
    np.asarray(X, dtype="<f8", order="F").T.tofile(out / f"{name}.x")
    np.asarray(y, dtype="<f8").tofile(out / f"{name}.y")
    if groups is not None:
        np.asarray(groups, dtype="<f8").tofile(out / f"{name}.groups")
    meta[name] = {"rows": X.shape[0], "features": X.shape[1], "categorical": list(categorical), "task": task}
    if repeats:
        folds = np.zeros((repeats, len(y)), dtype="<f8")
        for seed in range(repeats):
            for k, (_, test) in enumerate(splits(X, y, task, groups, seed)):
                folds[seed, test] = k
        folds.tofile(out / f"{name}.folds")
        meta[name]["repeats"] = repeats


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


def flights_2001():
    flights = pd.read_parquet(source / "flights_us_2001h1_3m.parquet")
    date = flights["date"].dt
    origin = flights["origin"].astype("category").cat.codes
    destination = flights["destination"].astype("category").cat.codes
    parts = [date.month, date.day_of_week, date.hour, date.minute, date.day_of_year, flights["distance"], origin, destination]
    return np.column_stack(parts).astype(float), flights["delay"].to_numpy(dtype=float)


def flights_ranking():
    """Flights of one airport on one day, to be ranked by how late they are: every 15th group of at least 5 flights."""
    X, delay = flights_2001()
    relevance = np.searchsorted([0, 15, 45, 120], delay, side="left")
    group = X[:, 4] * 1000 + X[:, 6]
    _, group, size = np.unique(group, return_inverse=True, return_counts=True)
    kept = np.flatnonzero((group % 15 == 0) & (size[group] >= 5))
    kept = kept[np.argsort(group[kept], kind="stable")]
    save("flights-ranking", X[kept], relevance[kept], task="ranking", groups=group[kept])


def save_parts(name, X, y, train):
    """The rows to train on, and the others for testing."""
    save(f"{name}-train", X[train], y[train])
    save(f"{name}-test", X[~train], y[~train])


def speed_set(name, seed):
    if name == "flights":
        X, delay = flights_2001()
        save_parts(name, X, delay > 15, (np.arange(len(delay)) + seed) % 5 < 4)
        return
    rows, features, every = {"synthetic": (300_000, 20, 3), "wide": (100_000, 500, 5)}[name]
    save_parts(name, *synthetic(rows, features, seed), np.arange(rows) % every == 0)


def quality_sets():
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
        save(name, X, y, categorical)
    X, y = load_diabetes(return_X_y=True)
    save("diabetes", X, y, task="regression")
    frame = pd.read_csv(source / "flights_sea15_weather.csv.gz")
    y = (frame["late15"].astype(float) > 0).to_numpy()
    frame = frame.drop(columns=["late15", "cancelled", "dep_delay", "arr_delay"])
    keep = [c for c in frame.columns if frame[c].nunique() <= 200 or frame[c].dtype.kind in "if"]
    X, categorical = codes(frame[keep])
    save("flights-2015", X, y, categorical)
    flights_ranking()


speed_set(sys.argv[4], int(sys.argv[5])) if purpose == "speed" else quality_sets()
(out / "meta.json").write_text(json.dumps(meta, indent=1))
