"""Reference vectors of multiclass, weighted, regression and ranking figures: scikit-learn."""

import numpy as np
from sklearn import metrics

from fixtures import write

rng = np.random.default_rng(6)


def multiclass(n, k):
    actual = rng.integers(0, k, n)
    actual[:k] = np.arange(k)
    probabilities = rng.dirichlet(np.ones(k), n) * 0.5
    probabilities[np.arange(n), actual] += 0.3
    probabilities = np.round(probabilities / probabilities.sum(axis=1, keepdims=True), 6)
    probabilities[:, -1] = 1 - probabilities[:, :-1].sum(axis=1)
    decided = probabilities.argmax(axis=1)
    many = k > 2
    return {
        "actual": actual,
        "probabilities": probabilities,
        "decided": decided,
        "accuracy": metrics.accuracy_score(actual, decided),
        "balancedAccuracy": metrics.balanced_accuracy_score(actual, decided),
        "mcc": metrics.matthews_corrcoef(actual, decided),
        "kappa": metrics.cohen_kappa_score(actual, decided),
        "macro": metrics.precision_recall_fscore_support(actual, decided, average="macro", zero_division=0)[:3],
        "weighted": metrics.precision_recall_fscore_support(actual, decided, average="weighted", zero_division=0)[:3],
        "logLoss": metrics.log_loss(actual, probabilities),
        "ovr": metrics.roc_auc_score(actual, probabilities, multi_class="ovr") if many else None,
        "ovo": metrics.roc_auc_score(actual, probabilities, multi_class="ovo") if many else None,
    }


def weighted(n):
    labels = rng.integers(0, 2, n)
    scores = np.clip(np.round(0.3 * labels + rng.uniform(size=n) * 0.7, 2), 0, 1)
    weights = np.round(rng.exponential(size=n), 3)
    decided = scores >= 0.5
    w = {"sample_weight": weights}
    return {
        "labels": labels,
        "scores": scores,
        "weights": weights,
        "auc": metrics.roc_auc_score(labels, scores, **w),
        "averagePrecision": metrics.average_precision_score(labels, scores, **w),
        "plainAveragePrecision": metrics.average_precision_score(labels, scores),
        "logLoss": metrics.log_loss(labels, scores, **w),
        "brier": metrics.brier_score_loss(labels, scores, **w),
        "accuracy": metrics.accuracy_score(labels, decided, **w),
        "precision": metrics.precision_score(labels, decided, **w),
        "recall": metrics.recall_score(labels, decided, **w),
        "f1": metrics.f1_score(labels, decided, **w),
    }


def regression(n, weights):
    actual = np.round(rng.gamma(2, 3, n) + 0.1, 4)
    predicted = np.round(actual * rng.uniform(0.6, 1.5, n), 4)
    w = np.round(rng.exponential(size=n) + 0.01, 3) if weights else np.ones(n)
    s = {"sample_weight": w}
    return {
        "actual": actual,
        "predicted": predicted,
        "weights": w if weights else None,
        "mae": metrics.mean_absolute_error(actual, predicted, **s),
        "mse": metrics.mean_squared_error(actual, predicted, **s),
        "mape": metrics.mean_absolute_percentage_error(actual, predicted, **s),
        "rmsle": metrics.root_mean_squared_log_error(actual, predicted, **s),
        "r2": metrics.r2_score(actual, predicted, **s),
        "pinball": metrics.mean_pinball_loss(actual, predicted, alpha=0.9, **s),
        "smape": float(np.average(2 * np.abs(predicted - actual) / (np.abs(actual) + np.abs(predicted)), weights=w)),
    }


def ranking(n, k):
    relevance = rng.integers(0, 4, n) * rng.integers(0, 2, n)
    relevance[0] = 2
    scores = np.round(rng.uniform(size=n) + 0.1 * relevance, 1)
    return {"relevance": relevance, "scores": scores, "k": k, "ndcg": metrics.ndcg_score([relevance], [scores], k=k)}


write(
    "performance",
    {
        "multiclass": [multiclass(120, 3), multiclass(300, 6), multiclass(60, 2)],
        "weighted": [weighted(50), weighted(300)],
        "regression": [regression(40, False), regression(300, True)],
        "ranking": [ranking(10, 5), ranking(40, 10), ranking(8, 20)],
    },
    "scikit-learn",
    "numpy",
)
