"""`python -m hengjian.deploy.cli`: the command line without its script."""

from hengjian.deploy.cli import main

if __name__ == "__main__":
    main(prog_name="hengjian")
