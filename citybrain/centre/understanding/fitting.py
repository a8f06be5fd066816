"""Fits the text model: a program of its own, because its libraries weigh 150 MB that no page needs.

    python -m citybrain.centre.understanding.fitting JOB.json MODEL.npz      prints its measures as JSON

JOB.json: {"texts": [...], "types": [...], "groups": [...]}; texts of one group tell of one thing in the same words
and are never on both sides when probabilities are calibrated. The model is one matrix over characters and pairs.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import logsumexp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from citybrain.centre.understanding.spoken import units

FOLDS = 3
SEED = 7
WHOLE = 16
"""Characters from which a text is a whole report."""
PRECISION = 0.92
"""Share of sure proposals that must be right on texts told in other words: it fixes the threshold of abstaining."""


def fit(texts: list[str], types: list[str], groups: list[str]) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays of the model and its measures."""
    began = time.process_time()
    labels = np.array(types)
    margins, order = _unseen(texts, labels, np.array(groups))
    truth = np.array([order.index(label) for label in labels])
    # Single words and clauses are to learn from; what is asked later are whole texts.
    seen = np.isfinite(margins).all(axis=1) & (np.array([len(text) for text in texts]) >= WHOLE)
    heat = _heat(margins[seen], truth[seen])
    threshold = _threshold(_softmax(margins[seen] * heat), truth[seen])
    vectorizer = _vectorizer()
    counts = vectorizer.fit_transform(texts)
    model = LinearSVC(C=0.3, random_state=SEED).fit(counts, labels)
    arrays = {
        "grams": np.array(vectorizer.get_feature_names_out(), dtype=np.str_),
        "idf": vectorizer.idf_.astype(np.float32),
        "types": model.classes_.astype(np.str_),
        "weights": model.coef_.T.astype(np.float16),
        "bias": model.intercept_.astype(np.float32),
        "heat": np.float32(heat),
        "threshold": np.float32(threshold),
    }
    facts = {
        "samples": len(texts),
        "types": len(order),
        "grams": len(arrays["grams"]),
        "heat": round(float(heat), 3),
        "threshold": round(float(threshold), 3),
        "fit_seconds": round(time.process_time() - began, 2),
    }
    return arrays, facts


def _vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=units, min_df=2, sublinear_tf=True)


def _unseen(texts: list[str], labels: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Margins of every text by a model that never saw its group; NaN where the fold lacked a type."""
    order = sorted(set(labels))
    margins = np.full((len(texts), len(order)), np.nan)
    column = {label: place for place, label in enumerate(order)}
    for known, asked in GroupKFold(n_splits=FOLDS, shuffle=True, random_state=SEED).split(texts, labels, groups):
        vectorizer = _vectorizer()
        counts = vectorizer.fit_transform([texts[place] for place in known])
        model = LinearSVC(C=0.3, random_state=SEED).fit(counts, labels[known])
        found = model.decision_function(vectorizer.transform([texts[place] for place in asked]))
        margins[np.ix_(asked, [column[label] for label in model.classes_])] = found
    return margins, order


def _heat(margins: np.ndarray, truth: np.ndarray) -> float:
    """The factor on margins under which the truth is likeliest."""
    best = min(np.linspace(0.5, 30, 60), key=lambda heat: _loss(margins * heat, truth))
    return float(best)


def _loss(margins: np.ndarray, truth: np.ndarray) -> float:
    return float(np.mean(logsumexp(margins, axis=1) - margins[np.arange(len(truth)), truth]))


def _softmax(margins: np.ndarray) -> np.ndarray:
    return np.exp(margins - logsumexp(margins, axis=1, keepdims=True))


def _threshold(chances: np.ndarray, truth: np.ndarray) -> float:
    """The least probability from which enough of the first proposals are right."""
    first, right = chances.max(axis=1), chances.argmax(axis=1) == truth
    for threshold in np.arange(0.1, 0.96, 0.02):
        kept = first >= threshold
        if kept.any() and right[kept].mean() >= PRECISION:
            return float(threshold)
    return 0.95


def main(job: str, out: str) -> None:
    """Reads the job, writes the model, prints the measures."""
    asked = json.loads(Path(job).read_text(encoding="utf-8"))
    arrays, facts = fit(asked["texts"], asked["types"], asked["groups"])
    with Path(out).open("wb") as file:
        np.savez_compressed(file, **arrays, allow_pickle=False)
    print(json.dumps(facts))


if __name__ == "__main__":
    main(*sys.argv[1:])
