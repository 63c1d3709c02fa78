"""Binary logistic regression on scikit-learn's breast cancer data and on a small set with weights."""
import numpy as np
from fixture import write
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True)
X = X[:200, :8]
y = y[:200]
scaled = StandardScaler().fit_transform(X)
weights = np.random.default_rng(3).integers(1, 4, size=len(y)).astype(float)
cases = []
for c, w, balanced in [(1.0, None, False), (0.1, weights, False), (100.0, None, True), (1e6, None, False)]:
    model = LogisticRegression(
        C=c, tol=1e-12, max_iter=100000, solver="newton-cholesky", class_weight="balanced" if balanced else None
    )
    model.fit(scaled, y, sample_weight=w)
    cases.append(
        {
            "c": c,
            "weighted": w is not None,
            "balanced": balanced,
            "coefficients": model.coef_[0],
            "intercept": model.intercept_[0],
            "probabilities": model.predict_proba(scaled)[:20, 1],
        }
    )
write("logistic", {"x": X.T, "y": y, "weights": weights, "cases": cases})
