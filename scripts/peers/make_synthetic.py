#!/usr/bin/env python3
"""Writes the synthetic ratings on which matrix factorizations are compared ("syn20m"): one set, for tools of any kind.

Usage: make_synthetic.py FOLDER [ROWS] [USERS] [ITEMS]

FOLDER/u.bin, i.bin (int32) and r.bin (float32) hold the rows in random order, FOLDER/train.csv and test.csv the same
rows as text with the header `user,item,rating`. The first twentieth of the rows are the test rows. FOLDER/about.json
says how many rows, users and items there are, and the test RMSE of the noiseless truth and of the training mean.

Who rates what: items are drawn with weight rank^-0.8, users with a weight that is lognormal(0, 1), pairs are distinct.
A rating is 3.55 + N(0, .40) of the user + N(0, .45) of the item + p.q + N(0, .75), rounded and clipped to 1...5, where
p ~ N(0, 1), q ~ N(0, sqrt(.25 / 10)), 10 factors. All of it comes from one fixed seed: NumPy pins its streams.
"""
import json
import os
import sys

import numpy as np

RANK = 10
CHUNK = 1_000_000


def distinct_pairs(random, rows, users, items):
    """`rows` distinct codes user * items + item, in random order."""
    weights = np.arange(1, items + 1) ** -0.8
    random.shuffle(weights)
    popularity = np.cumsum(weights)
    popularity /= popularity[-1]
    activity = np.cumsum(random.lognormal(0, 1, users))
    activity /= activity[-1]

    pairs = np.empty(0, dtype=np.int64)
    while len(pairs) < rows:
        more = int(1.1 * (rows - len(pairs))) + 1000
        # Sorted draws of users make the search fast; the shuffle below undoes the order.
        drawn = np.searchsorted(activity, np.sort(random.random(more)), side="right").clip(max=users - 1) * items
        drawn += np.searchsorted(popularity, random.random(more), side="right").clip(max=items - 1)
        pairs = np.sort(np.concatenate((pairs, drawn)))
        pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    random.shuffle(pairs)
    return pairs[:rows]


def digits(values, width):
    """The decimal digits of `values`, one row of `width` bytes for each, and which of them are leading zeros."""
    powers = 10 ** np.arange(width - 1, -1, -1)
    table = (values[:, None] // powers % 10).astype(np.uint8) + ord("0")
    return table, (values[:, None] < powers) & (powers > 1)


def write_csv(path, users, items, ratings):
    with open(path, "wb") as file:
        file.write(b"user,item,rating\n")
        for start in range(0, len(users), CHUNK):
            end = start + CHUNK
            user, user_pad = digits(users[start:end], 6)
            item, item_pad = digits(items[start:end], 6)
            rows = len(user)
            mark = lambda character: np.full((rows, 1), ord(character), dtype=np.uint8)
            rating = ratings[start:end].astype(np.uint8)[:, None] + ord("0")
            text = np.hstack((user, mark(","), item, mark(","), rating, mark("\n")))
            kept = np.ones(text.shape, dtype=bool)
            kept[:, :6] = ~user_pad
            kept[:, 7:13] = ~item_pad
            file.write(text[kept].tobytes())


def main():
    folder = sys.argv[1]
    rows, users, items = (int(sys.argv[n]) if len(sys.argv) > n else size
                          for n, size in ((2, 20_000_000), (3, 120_000), (4, 12_000)))
    if users > 1_000_000 or items > 1_000_000:
        sys.exit("at most 1,000,000 users and items: ids have six digits")
    os.makedirs(folder, exist_ok=True)
    random = np.random.default_rng(2006)

    pairs = distinct_pairs(random, rows, users, items)
    user, item = (pairs // items).astype(np.int32), (pairs % items).astype(np.int32)
    del pairs
    user_bias, item_bias = random.normal(0, 0.40, users), random.normal(0, 0.45, items)
    p = random.normal(0, 1, (users, RANK)).astype(np.float32)
    q = random.normal(0, np.sqrt(0.25 / RANK), (items, RANK)).astype(np.float32)
    truth = 3.55 + user_bias[user] + item_bias[item]
    for start in range(0, rows, CHUNK):
        end = start + CHUNK
        truth[start:end] += np.einsum("nk,nk->n", p[user[start:end]], q[item[start:end]])
    rating = np.clip(np.rint(truth + random.normal(0, 0.75, rows)), 1, 5).astype(np.float32)

    test = rows // 20
    user.tofile(f"{folder}/u.bin")
    item.tofile(f"{folder}/i.bin")
    rating.tofile(f"{folder}/r.bin")
    write_csv(f"{folder}/test.csv", user[:test], item[:test], rating[:test])
    write_csv(f"{folder}/train.csv", user[test:], item[test:], rating[test:])
    rmse = lambda predictions: float(np.sqrt(np.mean((rating[:test] - predictions) ** 2, dtype=np.float64)))
    about = {
        "rows": rows, "test": test, "users": users, "items": items,
        "rmse_of_truth": rmse(np.clip(truth[:test], 1, 5)),
        "rmse_of_mean": rmse(rating[test:].mean(dtype=np.float64)),
    }
    with open(f"{folder}/about.json", "w") as file:
        json.dump(about, file)
        file.write("\n")
    print(json.dumps(about))


main()
