"""`python -m lambdalint`."""

from lambdalint.cli.main import start

if __name__ == "__main__":
    start()
