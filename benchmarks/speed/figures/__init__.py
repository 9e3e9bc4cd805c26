"""One figure of the report a file: `measure` takes it, `lines` tells it, `floors` judges it, `plot` draws it."""
