"""Compares our metrics with scikit-learn, SciPy and, where it is installed, Surprise.

    check-metrics.py tool PRIZECHECK DATA    predictions for ml-100k in the folder DATA, made and scored by PRIZECHECK
    check-metrics.py values FILE             figures of distributions and rankings that FILE (JSON) holds beside the data

Prints a line for each figure; exits with 1 where one differs by more than 1e-10 of max(1, the figure), and with 0 and
"skipped: ..." where scikit-learn or SciPy is missing.
"""

import csv
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import defaultdict

try:
    import numpy as np
    import scipy
    import scipy.integrate
    import scipy.stats
    import sklearn
    import sklearn.metrics as sk
except ImportError as error:
    print(f"skipped: {error}; install scikit-learn and SciPy to compare our metrics with theirs")
    sys.exit(0)
try:
    import surprise
    import surprise.accuracy
except ImportError:
    surprise = None

TOLERANCE = 1e-10
worst = 0.0
count = 0
wrong = []


def compare(what, ours, theirs, source):
    """Notes a figure of ours beside that of another program."""
    global worst, count
    difference = abs(ours - theirs) / max(1.0, abs(theirs))
    worst = max(worst, difference)
    count += 1
    ok = difference <= TOLERANCE
    if not ok:
        wrong.append(what)
    print(f"{what:<42} {ours:<22.16g} {theirs:<22.16g} {difference:8.1e}  {source}{'' if ok else '  DIFFERS'}")


def finish():
    versions = f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, NumPy {np.__version__}"
    versions += f", Surprise {surprise.__version__}" if surprise else ", Surprise is not installed"
    print(f"compared {count} figures with {versions}: largest difference {worst:.1e}")
    if wrong:
        print(f"{len(wrong)} differ by more than {TOLERANCE}: {', '.join(wrong)}")
        sys.exit(1)


# Predictions


def groups(keys):
    rows = defaultdict(list)
    for row, key in enumerate(keys):
        rows[key].append(row)
    return [np.array(rows[key]) for key in sorted(rows)]


def concordance(answers, predictions):
    """Concordant, discordant and tied pairs of rows with different answers, from all pairs."""
    a = np.sign(np.subtract.outer(answers, answers))
    p = np.sign(np.subtract.outer(predictions, predictions))
    return np.array([np.sum((a > 0) & (p > 0)), np.sum((a > 0) & (p < 0)), np.sum((a > 0) & (p == 0))])


def r2(y, p):
    return sk.r2_score(y, p) if np.ptp(y) > 0 else None


def somers(y, p):
    """The fraction of concordant pairs by SciPy's Somers' D."""
    return (1 + scipy.stats.somersd(y, p).statistic) / 2 if np.ptp(y) > 0 else None


def mean_of(rows, y, p, figure):
    values = [figure(y[group], p[group]) for group in rows]
    return math.fsum(v for v in values if v is not None) / sum(v is not None for v in values)


def check_predictions(name, scored, users, items, y, p, train):
    ours = {key: figure["value"] for key, figure in scored["metrics"]["all"].items()}
    by_user, by_item = groups(users), groups(items)
    rmse = lambda y, p: math.sqrt(sk.mean_squared_error(y, p))
    for metric, value, source in [
        ("rmse", rmse(y, p), "scikit-learn"),
        ("mse", sk.mean_squared_error(y, p), "scikit-learn"),
        ("mae", sk.mean_absolute_error(y, p), "scikit-learn"),
        ("nmae", sk.mean_absolute_error(y, p) / 4, "scikit-learn"),
        ("max-error", sk.max_error(y, p), "scikit-learn"),
        ("r2", sk.r2_score(y, p), "scikit-learn"),
        ("explained-variance", sk.explained_variance_score(y, p), "scikit-learn"),
        ("bias", math.fsum(p - y) / len(y), "math.fsum"),
        ("rmse@users", mean_of(by_user, y, p, rmse), "scikit-learn"),
        ("rmse@items", mean_of(by_item, y, p, rmse), "scikit-learn"),
        ("mae@users", mean_of(by_user, y, p, sk.mean_absolute_error), "scikit-learn"),
        ("r2@users", mean_of(by_user, y, p, r2), "scikit-learn"),
        ("fcp@users", mean_of(by_user, y, p, somers), "SciPy, Somers' D"),
    ]:
        compare(f"{name}: {metric}", ours[metric], value, source)
    pairs = sum(concordance(y[rows], p[rows]) for rows in by_user)
    compare(f"{name}: fcp", ours["fcp"], (pairs[0] + pairs[2] / 2) / pairs.sum(), "NumPy, all pairs")
    if surprise:
        triples = [surprise.Prediction(u, i, a, b, {}) for u, i, a, b in zip(users, items, y, p)]
        for metric in ("rmse", "mse", "mae"):
            value = getattr(surprise.accuracy, metric)(triples, verbose=False)
            compare(f"{name}: {metric}", ours[metric], value, "Surprise")
    check_strata(name, scored["strata"], users, items, y, p, train)


def check_strata(name, strata, users, items, y, p, train):
    """Activity, cold start and true rating, taken apart by NumPy; the shares; the reliability curve."""
    rated_by, rated = defaultdict(int), defaultdict(int)
    for user, item in train:
        rated_by[user] += 1
        rated[item] += 1
    activity = {
        "user-activity": np.array([rated_by[u] for u in users]),
        "item-activity": np.array([rated[i] for i in items]),
    }
    total = np.sum((p - y) ** 2)
    for group in strata["groups"]:
        seen = 0
        for stratum in group["strata"]:
            label = stratum["label"].replace(",", "")
            if group["property"] in activity:
                low, _, high = label.partition("-")
                rows = (activity[group["property"]] >= int(low)) & (activity[group["property"]] <= int(high or low))
            elif group["property"] == "rating":
                rows = y == float(label)
            elif group["property"] == "cold-start":
                cold = (activity["user-activity"] == 0, activity["item-activity"] == 0)
                wanted = ["user and item", "item only (new user)", "user only (new item)", "neither"].index(label)
                rows = (cold[0] == bool(wanted & 1)) & (cold[1] == bool(wanted & 2))
            else:
                continue
            what = f"{name}: {group['property']} {stratum['label']}"
            errors = (p - y)[rows]
            seen += len(errors)
            if len(errors) != stratum["n"]:
                wrong.append(what)
                print(f"{what} has {stratum['n']} rows, NumPy finds {len(errors)}")
                continue
            compare(what + " rmse", stratum["rmse"], math.sqrt(np.mean(errors**2)), "NumPy")
            compare(what + " bias", stratum["bias"], np.mean(errors), "NumPy")
            compare(what + " share", stratum["share_of_squared_error"], np.sum(errors**2) / total, "NumPy")
        if group["property"] != "time" and seen != len(y):
            wrong.append(f"{name}: {group['property']} has {seen} rows of {len(y)}")
    clipped = np.clip(p, 1, 5)
    compare(f"{name}: clipped rmse", strata["clipping"]["rmse_clipped"], math.sqrt(np.mean((clipped - y) ** 2)), "NumPy")
    # In whole millionths, the digits of the file: 2.4 is exactly the bound between two bins.
    place = np.clip((np.round(p * 1e6).astype(int) - 1_000_000) // 200_000, 0, 19)
    for part in strata["reliability"]:
        rows = place == int(round((part["lower"] - 1) / 0.2))
        what = f"{name}: reliability from {part['lower']:.1f}"
        compare(what + " prediction", part["mean_prediction"], np.mean(p[rows]), "NumPy")
        compare(what + " answer", part["mean_answer"], np.mean(y[rows]), "NumPy")


METRICS = (
    "rmse,mse,mae,nmae,bias,max-error,r2,explained-variance,fcp,rmse@users,rmse@items,mae@users,r2@users,fcp@users"
)


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def check_tool(tool, data):
    movielens = os.path.join(data, "ml-100k")
    base, test = os.path.join(movielens, "u1.base"), os.path.join(movielens, "u1.test")
    if not os.path.exists(test):
        print(f"skipped: there is no {test}; name the folder that holds ml-100k")
        return
    with open(base) as lines:
        train = [line.split("\t")[:2] for line in lines]
    with open(test) as lines:
        answers = {tuple(row[:2]): float(row[2]) for row in (line.split("\t") for line in lines)}
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        for algorithm in ("item-mean", "biases", "biased-mf"):
            run(tool, "train", base, "--algorithm", algorithm, "--seed", "1", "--save", path("model"), "--progress", "none")
            run(tool, "predict", path("model"), "--questions", test, "--output", path("p.csv"), "--no-clip")
            scored = json.loads(
                run(tool, "score", path("p.csv"), "--answers", test, "--metrics", METRICS, "--strata", "--training", base,
                    "--format", "json"))  # fmt: skip
            with open(path("p.csv")) as lines:
                rows = [(r["user"], r["item"], float(r["prediction"])) for r in csv.DictReader(lines)]
            users, items = [r[0] for r in rows], [r[1] for r in rows]
            y, p = np.array([answers[r[0], r[1]] for r in rows]), np.array([r[2] for r in rows])
            check_predictions(algorithm, scored, users, items, y, p, train)
        if surprise:
            check_surprise_fcp(tool, path, users, items, y, p)
    finish()


def check_surprise_fcp(tool, path, users, items, y, p):
    """Surprise divides the concordant pairs by the users that have some, and the discordant by those that have some, and
    counts ties as discordant. On users with both kinds and no tie its figure is the fraction of pairs, as ours is."""
    rows = []
    for group in groups(users):
        concordant, discordant, tied = concordance(y[group], p[group])
        if concordant > 0 and discordant > 0 and tied == 0:
            rows.extend(group)
    with open(path("some.csv"), "w") as file:
        file.write("user,item,prediction\n" + "".join(f"{users[r]},{items[r]},{p[r]:.6f}\n" for r in rows))
    with open(path("answers.csv"), "w") as file:
        file.write("user,item,rating\n" + "".join(f"{users[r]},{items[r]},{y[r]:g}\n" for r in rows))
    scored = json.loads(
        run(tool, "score", path("some.csv"), "--answers", path("answers.csv"), "--metrics", "fcp", "--format", "json"))
    triples = [surprise.Prediction(users[r], items[r], y[r], p[r], {}) for r in rows]
    theirs = surprise.accuracy.fcp(triples, verbose=False)
    compare(f"fcp of {len(rows)} rows", scored["metrics"]["all"]["fcp"]["value"], theirs, "Surprise")


# Distributions and rankings


def check_distributions(data, ours):
    y, mean, deviation = (np.array(data[key]) for key in ("answers", "means", "deviations"))
    lower, upper, stars = (np.array(data[key]) for key in ("lower", "upper", "stars"))
    probability = np.array(data["probabilities"]).reshape(len(y), len(stars))
    place = np.searchsorted(stars, y)
    loss = sk.log_loss(place, probability, labels=range(len(stars)))
    compare("nll", ours["nll"], loss, "scikit-learn")
    compare("nlpd", ours["nlpd"], -np.mean(scipy.stats.norm.logpdf(y, mean, deviation)), "SciPy")
    below = np.cumsum(probability, axis=1)[:, :-1]
    step = place[:, None] <= np.arange(len(stars) - 1)
    compare("rps", ours["rps"], np.mean(np.sum((below - step) ** 2 * np.diff(stars), axis=1)), "NumPy")
    inside = (y >= lower) & (y <= upper)
    compare("interval-coverage", ours["interval-coverage"], np.mean(inside), "NumPy")
    compare("interval-width", ours["interval-width"], np.mean(upper - lower), "NumPy")

    def crps(y, m, s):
        f = scipy.stats.norm(m, s).cdf
        left = scipy.integrate.quad(lambda x: f(x) ** 2, m - 12 * s, y, epsabs=1e-13, epsrel=1e-12, limit=200)[0]
        right = scipy.integrate.quad(lambda x: (1 - f(x)) ** 2, y, m + 12 * s, epsabs=1e-13, epsrel=1e-12, limit=200)[0]
        return left + right

    compare("crps", ours["crps"], np.mean([crps(*row) for row in zip(y, mean, deviation)]), "SciPy, integrated")
    bins = np.minimum((probability * 10).astype(int), 9)
    came_true = np.arange(len(stars)) == place[:, None]
    error = sum(abs(np.sum(probability[bins == b]) - np.sum(came_true[bins == b])) for b in range(10))
    compare("star-calibration", ours["star-calibration"], error / probability.size, "NumPy")


def check_rankings(data, ours):
    n, catalogue = data["cutoff"], data["catalogue"]
    figures = defaultdict(list)
    shown = np.zeros(catalogue)
    for user in data["users"]:
        ranked, relevant = user["ranked"], set(user["relevant"])
        truth = np.array([[1.0 if item in relevant else 0.0 for item in range(catalogue)]])
        score = np.zeros((1, catalogue))
        for rank, item in enumerate(ranked):
            score[0, item] = catalogue - rank
        hits = np.array([item in relevant for item in ranked])
        figures["ndcg"].append(sk.ndcg_score(truth, score, k=n))
        figures["precision"].append(np.mean(hits[:n]))
        figures["recall"].append(np.sum(hits[:n]) / len(relevant))
        figures["hit-rate"].append(float(hits[:n].any()))
        figures["mrr"].append(1 / (1 + np.argmax(hits[:n])) if hits[:n].any() else 0.0)
        # With a cut-off behind the last item, average precision is scikit-learn's.
        figures["map-of-all"].append(sk.average_precision_score(truth[0], score[0]))
        shown[ranked[:n]] += 1
    for name, values in figures.items():
        source = "scikit-learn" if name in ("ndcg", "map-of-all") else "NumPy"
        compare(name, ours[name], math.fsum(values) / len(values), source)
    compare("catalogue-coverage", ours["catalogue-coverage"], np.mean(shown > 0), "NumPy")
    differences = np.abs(np.subtract.outer(shown, shown)).sum()
    compare("gini", ours["gini"], differences / (2 * catalogue * shown.sum()), "NumPy, all pairs")


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "tool":
        check_tool(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "values":
        with open(sys.argv[2]) as file:
            given = json.load(file)
        check_distributions(given["distributions"], given["distributionFigures"])
        check_rankings(given["rankings"], given["rankingFigures"])
        finish()
    else:
        sys.exit(__doc__)


main()
