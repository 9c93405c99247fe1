"""`python -m tk` is `tk`."""

from tk.cli.main import main

if __name__ == "__main__":
    main()
