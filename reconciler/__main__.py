"""`python -m reconciler` is `linkctl`."""

from reconciler.cli.main import run

if __name__ == "__main__":
    run()
