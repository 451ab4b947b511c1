#!/usr/bin/env python3
"""Fits Surprise's SVD or SVDpp. Called by compare_factorization.py; see ratings.py. One thread: it has no more."""
from collections import defaultdict

import numpy as np
import ratings
import surprise


def fit(train, epochs, arguments):
    users, user_indices = np.unique(train.users, return_inverse=True)
    items, item_indices = np.unique(train.items, return_inverse=True)
    by_user, by_item = defaultdict(list), defaultdict(list)
    for user, item, rating in zip(user_indices.tolist(), item_indices.tolist(), train.ratings.tolist()):
        by_user[user].append((item, rating))
        by_item[item].append((user, rating))
    trainset = surprise.Trainset(
        by_user, by_item, len(users), len(items), len(train), (1, 5),
        {raw: inner for inner, raw in enumerate(users.tolist())},
        {raw: inner for inner, raw in enumerate(items.tolist())})
    options = {"n_factors": arguments.factors} if arguments.factors else {}
    model = getattr(surprise, arguments.algorithm)(n_epochs=epochs, random_state=arguments.seed, **options)
    seconds, _ = ratings.timed(lambda: model.fit(trainset))

    def predict(test):
        return [model.predict(user, item).est for user, item in zip(test.users.tolist(), test.items.tolist())]

    return seconds, predict


ratings.run("Surprise", "scikit-surprise", fit, algorithm="SVD")
