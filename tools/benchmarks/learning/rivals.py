"""scikit-learn, LightGBM and XGBoost at like settings, one thread: what the scripts beside it measure."""
import json
import os
import pathlib

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np

ENGINES = ("scikit-learn", "LightGBM", "XGBoost")


def load(folder, name):
    folder = pathlib.Path(folder)
    meta = json.loads((folder / "meta.json").read_text())[name]
    X = np.fromfile(folder / f"{name}.x").reshape(meta["features"], meta["rows"]).T
    groups = np.fromfile(folder / f"{name}.groups").astype(int) if meta["task"] == "ranking" else None
    return meta, X, np.fromfile(folder / f"{name}.y"), groups


def make(engine, meta):
    """A model of 100 trees, 31 leaves, learning rate 0.1, 255 bins, grown leaf by leaf, and regularised alike: L2 of 1,
    leaves of one row and a hessian of 0.001 allowed, no minimum gain. All is said, so that no engine's defaults count.
    """
    cat, task = meta["categorical"], meta["task"]
    if engine == "scikit-learn":
        from sklearn.ensemble import HistGradientBoostingClassifier as C, HistGradientBoostingRegressor as R

        # It has no loss for ranking: there it learns the relevance. Its least hessian is always 0.001.
        kind = C if task == "binary" else R
        return kind(
            max_iter=100, learning_rate=0.1, max_leaf_nodes=31, max_bins=255, l2_regularization=1.0, min_samples_leaf=1,
            early_stopping=False, categorical_features=cat or None,
        )
    if engine == "LightGBM":
        import lightgbm as lgb

        kind = {"binary": lgb.LGBMClassifier, "regression": lgb.LGBMRegressor, "ranking": lgb.LGBMRanker}[task]
        return kind(
            n_estimators=100, learning_rate=0.1, num_leaves=31, max_bin=255, min_data_in_bin=1, reg_lambda=1.0,
            min_child_samples=1, min_child_weight=1e-3, min_split_gain=0.0, verbose=-1, n_jobs=1,
        )
    import xgboost as xgb

    kind = {"binary": xgb.XGBClassifier, "regression": xgb.XGBRegressor, "ranking": xgb.XGBRanker}[task]
    types = ["c" if j in cat else "q" for j in range(meta["features"])]
    return kind(
        n_estimators=100, learning_rate=0.1, tree_method="hist", grow_policy="lossguide", max_leaves=31, max_depth=0,
        max_bin=255, reg_lambda=1.0, min_child_weight=1e-3, gamma=0.0, enable_categorical=True, feature_types=types,
        n_jobs=1,
    )


def fit(engine, meta, X, y, groups=None):
    """Rows of a group stand together."""
    model = make(engine, meta)
    options = {}
    if engine == "LightGBM":
        options["categorical_feature"] = meta["categorical"] or "auto"
    if groups is not None and engine == "LightGBM":
        options["group"] = np.unique(groups, return_counts=True)[1]
    if groups is not None and engine == "XGBoost":
        options["qid"] = groups
    return model.fit(X, y.astype(int) if groups is not None else y, **options)


def ndcg(p, y, groups, at):
    """Mean over the groups that hold a relevant row; gain 2^relevance - 1, ties in the order of the rows."""

    def dcg(relevance):
        top = relevance[:at]
        return float(((2.0**top - 1) / np.log2(np.arange(len(top)) + 2)).sum())

    each = []
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        ideal = dcg(-np.sort(-y[rows]))
        if ideal > 0:
            each.append(dcg(y[rows][np.argsort(-p[rows], kind="stable")]) / ideal)
    return float(np.mean(each))


def scores(model, meta, X, y, groups=None):
    from sklearn.metrics import log_loss, roc_auc_score

    if meta["task"] == "ranking":
        return {"NDCG@10": ndcg(model.predict(X), y, groups, 10)}
    if meta["task"] == "regression":
        return {"RMSE": float(np.sqrt(np.mean((model.predict(X) - y) ** 2)))}
    p = model.predict_proba(X)[:, 1]
    return {"AUC": float(roc_auc_score(y, p)), "log loss": float(log_loss(y, np.clip(p, 1e-15, 1 - 1e-15)))}
