import scipy


def init():
    pass


def run(data):
    return scipy.__version__
