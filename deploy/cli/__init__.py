"""The command line `hengjian`."""

import click

from hengjian.deploy.cli.frame import Commands

# One line for each command: its name and where it is.
PLACES = {
    "run": "hengjian.deploy.cli.run:run",
    "serve": "hengjian.deploy.cli.processes:serve",
    "worker": "hengjian.deploy.cli.processes:worker",
    "db": "hengjian.deploy.cli.db:db",
    "bureau": "hengjian.deploy.cli.bureau:bureau",
    "organization": "hengjian.deploy.cli.organization:organization",
    "user": "hengjian.deploy.cli.user:user",
    "key": "hengjian.deploy.cli.key:key",
    "lawbook": "hengjian.deploy.cli.lawbook_changes:lawbook",
    "evaluate": "hengjian.deploy.cli.evaluate:evaluate",
    "score": "hengjian.deploy.cli.score:score",
    "double-claims": "hengjian.deploy.cli.double_claims:double_claims",
    "score-with": "hengjian.deploy.cli.score_with:score_with",
    "dossier": "hengjian.deploy.cli.dossier:dossier",
    "log": "hengjian.deploy.cli.log:log",
    "witness": "hengjian.deploy.cli.witness:witness",
    "verify": "hengjian.deploy.cli.verify:verify",
    "recording": "hengjian.deploy.cli.recording:recording",
    "label": "hengjian.deploy.cli.label:label",
    "report": "hengjian.deploy.cli.report:report",
    "settings": "hengjian.deploy.cli.settings:settings",
}


@click.group(
    cls=Commands, places=PLACES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="hengjian", prog_name="hengjian")
def main() -> None:
    """Hengjian 衡鉴: supervision and credit rating of environmental monitoring institutions and contractors.

    Settings come from the environment and one TOML file: `hengjian settings` explains them.
    Exit codes: 0 done, 1 it failed, 2 it was asked wrongly.
    """
