#!/usr/bin/env python3
"""Fits LIBMF (PyPI `libmf`), squared loss, no biases. Called by compare_factorization.py; see ratings.py.

The package's own `fit` first copies the ratings one by one; here `mf_train` of its library gets them as it wants them,
so that LIBMF's time is LIBMF's alone.
"""
import contextlib
import ctypes
import io

import numpy as np
import ratings

# The package says where its library is and warns about its own source: no matter here.
with contextlib.redirect_stdout(io.StringIO()):
    from libmf import mf as libmf


class Problem(ctypes.Structure):
    _fields_ = [("m", ctypes.c_int), ("n", ctypes.c_int), ("nnz", ctypes.c_longlong), ("nodes", ctypes.c_void_p)]


libmf.mf.mf_train.restype = ctypes.POINTER(libmf.MFModel)
libmf.mf.mf_train.argtypes = (ctypes.POINTER(Problem), libmf.MFParam)
libmf.mf.mf_destroy_model.argtypes = (ctypes.POINTER(ctypes.POINTER(libmf.MFModel)),)


def fit(train, epochs, arguments):
    nodes = np.empty(len(train), dtype=[("u", np.int32), ("v", np.int32), ("r", np.float32)])
    nodes["u"], nodes["v"], nodes["r"] = train.users, train.items, train.ratings
    problem = Problem(int(train.users.max()) + 1, int(train.items.max()) + 1, len(train), nodes.ctypes.data)
    regularization = arguments.regularization
    options = {"k": arguments.factors} if arguments.factors else {}
    parameters = libmf.MF(
        nr_threads=arguments.threads, nr_iters=epochs, lambda_p2=regularization, lambda_q2=regularization,
        lambda_p1=arguments.regularization_l1, lambda_q1=arguments.regularization_l1, eta=arguments.rate, quiet=True,
        copy_data=False, **options)._options
    seconds, pointer = ratings.timed(lambda: libmf.mf.mf_train(ctypes.byref(problem), parameters))
    model = pointer.contents
    users = np.ctypeslib.as_array(model.P, (model.m, model.k)).copy()
    items = np.ctypeslib.as_array(model.Q, (model.n, model.k)).copy()
    mean = model.b
    libmf.mf.mf_destroy_model(ctypes.byref(pointer))

    def predict(test):
        # Who or what was not in training is predicted by the mean, as `mf_predict` does it.
        known = (test.users < len(users)) & (test.items < len(items))
        predictions = np.full(len(test), mean, dtype=np.float64)
        predictions[known] = ratings.dots(users, items, test.users[known], test.items[known])
        return np.where(np.isfinite(predictions), predictions, mean)

    return seconds, predict


ratings.run("LIBMF", "libmf", fit, regularization=0.0, regularization_l1=0.0, rate=0.1)
