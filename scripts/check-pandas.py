#!/usr/bin/env python3
"""Reads the results of prizecheck with pandas and checks their types and values.

Usage: check-pandas.py PRIZECHECK RATINGS SCRATCH
"""
import io
import json
import math
import subprocess
import sys

import pandas as pd
from pandas.api.types import is_float_dtype, is_integer_dtype

TOOL, RATINGS, SCRATCH = sys.argv[1:]
checks = 0


def expect(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"check-pandas: {what}")


def path(name):
    return f"{SCRATCH}/{name}"


def run(*arguments, status=0):
    """Standard output and standard error of the tool."""
    done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    expect(done.returncode == status, f"{arguments}: exit code {done.returncode}, expected {status}\n{done.stderr}")
    return done.stdout, done.stderr


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=0)


def write(name, text):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(text)
    return path(name)


def check_splits():
    """Ids and times are whole numbers, and ratings numbers."""
    run("split", RATINGS, "--method", "random", "--test-fraction", "0.2", "--output", path("split"))
    train, test = pd.read_csv(path("split/train.csv")), pd.read_csv(path("split/test.csv"))
    for part in (train, test):
        expect(list(part.columns) == ["user", "item", "rating", "timestamp"], f"columns of a split: {list(part.columns)}")
        expect(is_integer_dtype(part.user) and is_integer_dtype(part.item), "ids of a split are whole numbers")
        expect(part.rating.between(1, 5).all() and not part.isna().any().any(), "ratings of a split lie in 1...5")
        dates = pd.to_datetime(part.timestamp, unit="s")
        expect(dates.dt.year.between(1998, 2006).all(), "times of a split are seconds since 1970")
    expect(len(test) == round(0.2 * (len(train) + len(test))), "the test part is a fifth")
    both = pd.concat([train, test])
    expect(not both.duplicated(["user", "item"]).any(), "no pair is in both parts")
    return test


def check_training_and_predictions(test):
    """JSON lines of progress, one row an epoch; predictions that join with the answers, and score as the tool says."""
    out, lines = run(
        "train", path("split/train.csv"), "--algorithm", "biased-mf", "--factors", "4", "--epochs", "3",
        "--test", path("split/test.csv"), "--save", path("model"), "--progress", "json", "--format", "json")
    progress = pd.read_json(io.StringIO(lines), lines=True)
    expect(progress.epoch.tolist() == [1, 2, 3] and is_integer_dtype(progress.epoch), "an object for each epoch")
    expect(is_float_dtype(progress.training_rmse) and progress.training_rmse.is_monotonic_decreasing, "errors of training")
    result = pd.json_normalize(json.loads(out))
    expect(is_integer_dtype(result["test.n"]) and result["test.n"][0] == len(test), "the number of test ratings")
    expect(is_float_dtype(result["test.rmse"]), "the error of a model is a number")

    run("predict", path("model"), "--questions", path("split/test.csv"), "--output", path("p.csv"))
    predictions = pd.read_csv(path("p.csv"))
    expect(list(predictions.columns) == ["user", "item", "prediction"], "columns of predictions")
    expect(is_float_dtype(predictions.prediction) and not predictions.isna().any().any(), "predictions are numbers")
    joined = test.merge(predictions, on=["user", "item"], validate="one_to_one")
    expect(len(joined) == len(test), "every question has one prediction")
    return ((joined.prediction - joined.rating) ** 2).mean() ** 0.5, (joined.prediction - joined.rating).abs().mean()


def check_scores(test, rmse, mae):
    """CSV of key and value, and JSON: figures are numbers, what is exact is text."""
    judged = [path("p.csv"), "--answers", path("split/test.csv")]
    table = pd.read_csv(io.StringIO(run("score", *judged, "--format", "csv")[0]), index_col="key").value
    figures = pd.to_numeric(table[[key for key in table.index if key.startswith("scores.all.")]])
    expect(near(figures["scores.all.rmse"], rmse) and near(figures["scores.all.mae"], mae), "score as pandas computes it")
    expect(figures["scores.all.n"] == len(test), "the number of rows")

    out, _ = run("check", *judged, "--baseline", "2", "--improvement", "10%", "--format", "json")
    result = pd.json_normalize(json.loads(out))
    expect(near(result["scores.all.rmse"][0], rmse), "the error in JSON")
    expect(result["criterion.threshold"][0] == "1.8000", "thresholds are text with all of their decimals")
    expect(result["verdict.qualifies"][0] in (True, 1), "the verdict is true or false")
    expect(result["significance.users"][0] == test.user.nunique(), "intervals know the users")
    inputs = pd.json_normalize(json.loads(out), record_path="inputs")
    expect(inputs.role.tolist() == ["predictions", "answers"] and is_integer_dtype(inputs.bytes), "the files of a result")

    bad = write("bad.csv", "user,item,prediction\n1,1,x\n1,2,nan\n")
    errors = pd.json_normalize(
        json.loads(run("score", bad, *judged[1:], "--format", "json", status=65)[0]), record_path=["validation", "errors"])
    expect({"not-a-number", "not-finite"} <= set(errors.code) and is_integer_dtype(errors["count"]), "problems are rows")


def check_hosting():
    """A solution file of Kaggle's kind, made by pandas, with ids that are texts."""
    solution = pd.DataFrame(
        {"id": ["a,b", "007", "7", "zoë"], "rating": [4, 3, 5, 2], "Usage": ["Public", "Private", "Private", "Public"]})
    solution.to_csv(path("solution.csv"), index=False)
    submission = solution[["id"]].assign(rating=[3.5, 3.25, 4, 2.75]).sample(frac=1, random_state=1)
    submission.to_csv(path("submission.csv"), index=False)
    out, _ = run("host", "kaggle", path("submission.csv"), "--solution", path("solution.csv"))
    parts = pd.DataFrame(json.loads(out)).T
    errors = solution.merge(submission, on="id", suffixes=("", "_p"))
    for usage, rows in errors.groupby("Usage"):
        expected = ((rows.rating_p - rows.rating) ** 2).mean() ** 0.5
        expect(near(parts.rmse[usage.lower()], expected) and parts.n[usage.lower()] == len(rows), f"{usage} rows")


def check_benchmark():
    """A report: a table with a row for each algorithm, and the same figures in JSON."""
    suite = write("suite.yaml", f"""
schema: ratingbench.suite/1
name: pandas
data:
  - {{name: 'made, up', path: {RATINGS}}}
splits: [k-fold 2]
algorithms: [global-mean, item-mean, biases]
metrics: [mae]
""")
    out, _ = run(
        "benchmark", suite, "--output", path("report"), "--progress", "none", "--format", "github-action-benchmark")
    table = pd.read_csv(path("report/report.csv"))
    expect(table.data.eq("made, up").all() and sorted(table.label) == ["biases", "global-mean", "item-mean"], "labels")
    for column in ("rmse", "rmse_lower", "rmse_upper", "rmse_standard_error", "metric_mae", "mean_of_splits"):
        expect(is_float_dtype(table[column]) and table[column].notna().all(), f"{column} of a report is a number")
    expect(is_integer_dtype(table.test_ratings) and table.rmse.is_monotonic_increasing, "rows by their error")
    expect((table.rmse_lower < table.rmse).all() and (table.rmse < table.rmse_upper).all(), "intervals hold their figure")
    with open(path("report/report.json"), encoding="utf-8") as file:
        rows = pd.json_normalize(json.load(file), record_path=["groups", "rows"])
    expect(rows.label.tolist() == table.label.tolist() and (rows["rmse.value"] == table.rmse).all(), "JSON has the same")
    trend = pd.DataFrame(json.loads(out))
    accuracy = trend[trend.unit == "RMSE"]
    expect((accuracy.value.to_numpy() == table.rmse.to_numpy()).all(), "the trend has the same figures")
    expect(len(trend) == 2 * len(table) and trend.name.is_unique, "a name for each figure of the trend")


test = check_splits()
check_scores(test, *check_training_and_predictions(test))
check_hosting()
check_benchmark()
print(f"pandas {pd.__version__} reads what prizecheck writes: {checks} checks passed")
