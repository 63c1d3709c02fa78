"""Reference vectors of label-free estimation: NannyML's own functions, scikit-learn's isotonic regression.

Run in the environment that holds nannyml.
"""

import numpy as np
import pandas as pd
from nannyml.drift.multivariate.data_reconstruction import DataReconstructionDriftCalculator
from nannyml.performance_estimation.confidence_based import metrics as cbpe
from nannyml.sampling_error import binary_classification as errors
from sklearn.isotonic import IsotonicRegression

from fixtures import write

rng = np.random.default_rng(10)


def case(n, rate):
    scores = np.round(rng.beta(2 * rate, 2 * (1 - rate), n), 9)
    calibrated = np.round(np.clip(scores**1.3, 0, 1), 9)
    labels = (rng.uniform(size=n) < calibrated).astype(int)
    decided = (scores >= 0.5).astype(int)
    y, p, s = pd.Series(labels), pd.Series(decided), pd.Series(scores)
    return {
        "scores": scores,
        "calibrated": calibrated,
        "labels": labels,
        "accuracy": cbpe.estimate_accuracy(decided, calibrated),
        "precision": cbpe.estimate_precision(decided, calibrated),
        "recall": cbpe.estimate_recall(decided, calibrated),
        "specificity": cbpe.estimate_specificity(decided, calibrated),
        "f1": cbpe.estimate_f1(decided, calibrated),
        "auc": cbpe.estimate_roc_auc(calibrated, scores),
        "averagePrecision": cbpe.estimate_ap(calibrated, scores),
        "components": {
            "precision": errors.precision_sampling_error_components(y, p),
            "recall": errors.recall_sampling_error_components(y, p),
            "specificity": errors.specificity_sampling_error_components(y, p),
            "f1": errors.f1_sampling_error_components(y, p),
            "auc": errors.auroc_sampling_error_components(y, s),
            "accuracy": [errors.accuracy_sampling_error_components(y, p)[0], 1],
        },
    }


def multiclass(n, k):
    scores = rng.dirichlet(np.ones(k), n)
    calibrated = scores**1.2 / (scores**1.2).sum(axis=1, keepdims=True)
    decided = scores.argmax(axis=1)
    mean = lambda of: float(np.mean([of(c) for c in range(k)]))
    one = lambda estimate: mean(lambda c: estimate((decided == c).astype(int), calibrated[:, c]))
    return {
        "scores": scores,
        "calibrated": calibrated,
        "decided": decided,
        "accuracy": float(calibrated[np.arange(n), decided].mean()),
        "precision": one(cbpe.estimate_precision),
        "recall": one(cbpe.estimate_recall),
        "specificity": one(cbpe.estimate_specificity),
        "f1": one(cbpe.estimate_f1),
        "auc": mean(lambda c: cbpe.estimate_roc_auc(calibrated[:, c], scores[:, c])),
    }


def isotonic(n, digits):
    scores = np.round(rng.uniform(size=n), digits)
    labels = (rng.uniform(size=n) < scores).astype(int)
    at = np.round(np.concatenate([[0.0, 1.0], rng.uniform(size=20)]), 4)
    model = IsotonicRegression(out_of_bounds="clip").fit(scores, labels)
    return {"scores": scores, "labels": labels, "at": at, "calibrated": model.predict(at)}


def reconstruction():
    n = 300
    x = rng.normal(size=(n, 4)) @ np.array([[1, 0.5, 0, 0], [0, 1, 0.7, 0], [0, 0, 1, 0.2], [0, 0, 0, 1]])
    frame = pd.DataFrame(np.round(x, 4), columns=["a", "b", "c", "d"])
    frame["e"] = rng.choice(["red", "green", "blue"], n, p=[0.6, 0.3, 0.1])
    frame.loc[5:9, "b"] = np.nan
    frame.loc[20:22, "e"] = np.nan
    later = frame.copy()
    later["b"] = -later["b"]
    calculator = DataReconstructionDriftCalculator(column_names=list("abcde"), chunk_size=100)
    reference = calculator.fit(frame)
    result = calculator.calculate(later).to_df()
    value = lambda df, period: df[df[("chunk", "period")] == period][("reconstruction_error", "value")].tolist()
    columns = {name: [None if pd.isna(v) else v for v in frame[name]] for name in frame}
    return {
        "columns": columns,
        "reference": value(result, "reference"),
        "negated": value(result, "analysis"),
        "upper": float(result[("reconstruction_error", "upper_threshold")].iloc[0]),
    }


write(
    "estimation",
    {"cbpe": [case(200, 0.3), case(500, 0.7)], "isotonic": [isotonic(100, 6), isotonic(300, 1)], "reconstruction": reconstruction(), "multiclass": [multiclass(80, 3), multiclass(60, 5)]},
    "nannyml",
    "scikit-learn",
)
