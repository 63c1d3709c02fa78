"""Linear models of scikit-learn on parts of its bundled data sets: least squares, Poisson, multinomial."""
import numpy as np
from fixture import write
from sklearn.datasets import load_diabetes, load_wine
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, PoissonRegressor, Ridge

X, y = load_diabetes(return_X_y=True, scaled=False)
X = (X[:150] - X[:150].mean(0)) / X[:150].std(0)
y = y[:150]
weights = np.random.default_rng(1).integers(1, 4, size=150).astype(float)
cases = []
for name, params, model in [
    ("linear", {}, LinearRegression()),
    ("ridge", {"alpha": 3.0}, Ridge(alpha=3.0, tol=1e-12)),
    ("lasso", {"alpha": 2.0}, Lasso(alpha=2.0, tol=1e-14, max_iter=1000000)),
    ("elastic-net", {"alpha": 0.7, "l1Ratio": 0.3}, ElasticNet(alpha=0.7, l1_ratio=0.3, tol=1e-14, max_iter=1000000)),
    ("poisson", {"alpha": 0.5}, PoissonRegressor(alpha=0.5, tol=1e-13, max_iter=10000, solver="newton-cholesky")),
]:
    for weighted in (False, True):
        model.fit(X, y, sample_weight=weights if weighted else None)
        cases.append(
            {
                "name": name,
                "params": params,
                "weighted": weighted,
                "coefficients": model.coef_,
                "intercept": model.intercept_,
                "predictions": model.predict(X)[:10],
            }
        )
W, c = load_wine(return_X_y=True)
W = ((W - W.mean(0)) / W.std(0))[::2, :6]
c = c[::2]
multi = LogisticRegression(C=0.5, tol=1e-13, max_iter=100000, solver="newton-cg").fit(W, c)
write(
    "linear",
    {
        "x": X.T,
        "y": y,
        "weights": weights,
        "cases": cases,
        "multinomial": {
            "x": W.T,
            "y": c,
            "c": 0.5,
            "coefficients": multi.coef_,
            "intercepts": multi.intercept_,
            "probabilities": multi.predict_proba(W)[:10],
        },
    },
)
