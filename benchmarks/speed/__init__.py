"""The speed report, side by side with a stock Rasa project and a bare echo: `python -m benchmarks.speed`."""
