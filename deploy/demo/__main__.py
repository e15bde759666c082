"""Load the demo region: bureaus and people at the command line, everything else through the public API.

It may be run again at any time: it finds what is there and sends only what is missing.
"""

import os
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from hengjian.deploy.demo import wenzhou
from hengjian.deploy.demo.appeal import RULE as APPEALED_RULE
from hengjian.deploy.demo.appeal import STORY as APPEALED_STORY
from hengjian.deploy.demo.appeal import enter_appeal
from hengjian.deploy.demo.client import AnswerError, Client
from hengjian.deploy.demo.credit import enter_credit
from hengjian.deploy.demo.custody import STORY as CUSTODY_STORY
from hengjian.deploy.demo.custody import enter_custody
from hengjian.deploy.demo.fieldwork import with_fieldwork
from hengjian.deploy.demo.known import Known
from hengjian.deploy.demo.operator import CommandError, hengjian
from hengjian.deploy.demo.others import others
from hengjian.deploy.demo.pages import Pages
from hengjian.deploy.demo.people import BUREAUS, PROVINCE, Bureau, Person, log_ins
from hengjian.deploy.demo.plans import TODAY, Story
from hengjian.deploy.demo.pushing import Batch, send, unsent
from hengjian.deploy.demo.stories import contractors
from hengjian.platform.calendar import legal_day

SENDERS = 3
JUDGED_SECONDS = 60
REPORT_MONTH = "2026-10"
REPORTED = (1, 2, 12)
"""Numbers of the stories that get a report at once: the model, the one short of a supervisor, the worst."""
FINDINGS = """query ($code: String!, $rule: String!) {
  open: findings(first: 200, isOpen: true) { nodes { creditCode ruleId } }
  appealed: findings(first: 1, creditCode: $code, rule: $rule) { nodes { creditCode ruleId } } }"""
ENTER = """
mutation Enter($input: PushOrganizationsInput!) {
  pushOrganizations(input: $input) {
    receipt { accepted refused rows { sourceRef problems { code messageEn } } }
    userErrors { code messageEn }
  }
}"""


class Progress:
    """Says how far the work is, n of m, at most a few times a second on a terminal and every tenth part elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._lock = threading.Lock()

    def step(self) -> None:
        """One more is done."""
        with self._lock:
            self._done += 1
            if sys.stdout.isatty():
                click.echo(f"\r  {self._done} of {self._total} pushes", nl=self._done == self._total)
            elif self._done * 10 // self._total != (self._done - 1) * 10 // self._total:
                click.echo(f"  {self._done} of {self._total} pushes")


def enter_bureaus(known: Known) -> None:
    """Enter the bureaus; when they are new, log-ins and keys of an older database are forgotten."""
    for bureau in BUREAUS:
        words = ("--credit-code", bureau.credit_code, "--name", bureau.name, "--region", bureau.region, "--demo")
        try:
            hengjian("bureau", "create", *words)
        except CommandError as refused:
            if refused.code != "ORGANIZATION_EXISTS":
                raise
        else:
            if bureau is PROVINCE:
                known.forget()


def enter_organizations(known: Known, stories: tuple[Story, ...]) -> None:
    """The highest bureau of each region enters the organizations there with one push."""
    for bureau in BUREAUS:
        rows = [story.pushes[0].rows[0] for story in stories if bureau_over(story) is bureau]
        if rows:
            client = bureau_client(known, bureau)
            entry = {"idempotencyKey": f"demo-organizations-{bureau.region}", "rows": rows}
            receipt = client.ask(ENTER, {"input": entry})["pushOrganizations"]["receipt"]
            if receipt is None or receipt["refused"]:
                raise AnswerError(f"the organizations of {bureau.name} were not entered: {receipt}")
            client.close()


def bureau_over(story: Story) -> Bureau:
    """The highest bureau over a story's region."""
    return next(bureau for bureau in BUREAUS if story.region.startswith(bureau.region))


def bureau_client(known: Known, bureau: Bureau) -> Client:
    """A client with a bureau's key."""
    return Client(f"{known.base_url}/graphql", key_of(known, bureau.credit_code, bureau.name, bureau=True))


def key_of(known: Known, credit_code: str, name: str, *, bureau: bool = False) -> str:
    """The key of an organization, issued when there is none yet."""
    if credit_code not in known.keys:
        scopes = ("organizations", "push", "read") if bureau else ("push", "read")
        words = [word for scope in scopes for word in ("--scope", scope)]
        made = hengjian("key", "issue", "--organization", credit_code, "--label", "demo", *words)
        known.keys[credit_code] = {"organization": name, "credit_code": credit_code, "key": made["key"]}
        known.save()
    text: str = known.keys[credit_code]["key"]
    return text


def give_account(known: Known, person: Person) -> None:
    """Make a person's account unless its secrets are known; a login whose secrets were lost is made anew with a number."""
    if any(login == person.login or login.startswith(f"{person.login}.") for login in known.users):
        return
    for number in range(1, 100):
        login = person.login if number == 1 else f"{person.login}.{number}"
        words = ("--login", login, "--name", person.name, "--role", person.role)
        try:
            made = hengjian("user", "create", "--organization", person.credit_code, *words)
        except CommandError as refused:
            if refused.code != "LOGIN_TAKEN":
                raise
            continue
        known.users[login] = {
            "login": login,
            "password": made["password"],
            "totp_secret": made["totp_secret"],
            "role": person.role,
            "region": person.region,
        }
        known.save()
        return


def send_all(known: Known, stories: tuple[Story, ...]) -> Counter[str]:
    """Send what the server lacks of every story, several organizations at a time."""
    work: list[tuple[Client, Story, list[Batch]]] = []
    for story in stories:
        client = Client(f"{known.base_url}/graphql", key_of(known, story.credit_code, story.name))
        work.append((client, story, unsent(client, story)))
    total = sum(len(waiting) for _, _, waiting in work)
    if not total:
        return Counter()
    progress = Progress(total)
    with ThreadPoolExecutor(SENDERS) as pool:
        parts = [pool.submit(send, client, story, waiting, told=progress.step) for client, story, waiting in work]
        return sum((part.result() for part in parts), Counter())


def judged(known: Known, stories: tuple[Story, ...]) -> bool:
    """Whether the judgement of every story has come, asked again and again for a minute."""
    client = bureau_client(known, PROVINCE)
    told = [story for story in stories if bureau_over(story) is PROVINCE]
    expected = {(story.credit_code, rule) for story in told for rule in story.breaches}
    appealed = next(story.credit_code for story in stories if story.number == APPEALED_STORY)
    until = time.monotonic() + JUDGED_SECONDS
    while time.monotonic() < until:
        found = client.ask(FINDINGS, {"code": appealed, "rule": APPEALED_RULE})
        nodes = [*found["open"]["nodes"], *found["appealed"]["nodes"]]
        if expected <= {(node["creditCode"], node["ruleId"]) for node in nodes}:
            return True
        time.sleep(0.5)
    return False


def enter_credit_events(known: Known, stories: tuple[Story, ...]) -> None:
    """Penalties and checks, each entered with one bureau's key and confirmed with another's."""
    city = next(bureau for bureau in BUREAUS if bureau.region == "6501")
    first, second = (bureau_client(known, bureau) for bureau in (PROVINCE, city))
    codes = {story.number: story.credit_code for story in stories}
    enter_credit(first, second, codes, told=lambda problem: click.echo(f"  not entered: {problem}", err=True))
    first.close()
    second.close()


def enter_labels(known: Known, stories: tuple[Story, ...]) -> None:
    """Labels and the way of three samples of one institution."""
    city = next(bureau for bureau in BUREAUS if bureau.region == "6501")
    holder = next(story for story in stories if story.number == CUSTODY_STORY)
    bureau = bureau_client(known, city)
    institution = Client(f"{known.base_url}/graphql", key_of(known, holder.credit_code, holder.name))
    enter_custody(
        bureau, institution, holder.credit_code, told=lambda problem: click.echo(f"  not entered: {problem}", err=True)
    )
    bureau.close()
    institution.close()


def enter_recordings(known: Known, stories: tuple[Story, ...]) -> bool:
    """The last days of the two institutions of Wenzhou: tasks, labels, recordings; whether there was anything to send."""
    city = bureau_client(known, wenzhou_bureau())

    def institution(number: int) -> wenzhou.Institution:
        story = next(story for story in stories if story.number == number)
        key = key_of(known, story.credit_code, story.name)
        return wenzhou.Institution(number, story.credit_code, Client(f"{known.base_url}/graphql", key), key)

    both = institution(wenzhou.TIDY), institution(wenzhou.CARELESS)
    entered = wenzhou.enter_wenzhou(
        known, city, both, told=lambda problem: click.echo(f"  not entered: {problem}", err=True)
    )
    for client in (city, *(one.client for one in both)):
        client.close()
    return entered


def report_on_recordings(known: Known, stories: tuple[Story, ...]) -> None:
    """When the films were looked into and judged, a report on the institution that was careless with them."""
    city = bureau_client(known, wenzhou_bureau())
    code = next(story.credit_code for story in stories if story.number == wenzhou.CARELESS)
    if wenzhou.judged(city, code):
        hengjian("report", "--organization", code, "--month", wenzhou.story_month(known))
    else:
        click.echo("Looking into the recordings takes longer than usual; the findings of Wenzhou come by themselves.")
    city.close()


def wenzhou_bureau() -> Bureau:
    """The bureau that issues labels."""
    return next(bureau for bureau in BUREAUS if bureau.region == wenzhou.CITY)


def win_appeal(known: Known, stories: tuple[Story, ...]) -> None:
    """One finding's way from the notice to the appeal that is won, as far as it has not been gone."""
    holder = next(story for story in stories if story.number == APPEALED_STORY)
    bureau = bureau_client(known, PROVINCE)
    contractor = Client(f"{known.base_url}/graphql", key_of(known, holder.credit_code, holder.name))

    def open_pages(login: str) -> Pages:
        user = next(user for name, user in known.users.items() if name == login or name.startswith(f"{login}."))
        return Pages.signed_in(known.base_url, user)

    def told(problem: str) -> None:
        click.echo(f"  not entered: {problem}", err=True)

    try:
        enter_appeal(bureau, contractor, holder.credit_code, open_pages=open_pages, told=told)
    except AnswerError as refused:
        told(str(refused))
    bureau.close()
    contractor.close()


def make_reports(stories: tuple[Story, ...]) -> None:
    """Last month's reports of the province and of three organizations, as the scheduler would have made them."""
    hengjian("report", "--bureau", PROVINCE.region, "--month", REPORT_MONTH)
    for story in stories:
        if story.number in REPORTED:
            hengjian("report", "--organization", story.credit_code, "--month", REPORT_MONTH)


def load(base_url: str, file: Path) -> None:
    """Bring the demo region to its end."""
    begun = time.monotonic()
    yesterday = legal_day(datetime.now(UTC)) - timedelta(days=1)
    stories = tuple(with_fieldwork(story, max(yesterday, TODAY)) for story in (*contractors(), *others()))
    known = Known(file, base_url)
    known.load()
    click.echo(f"Demo region: {len(BUREAUS)} bureaus, {len(stories)} organizations (all invented)")
    enter_bureaus(known)
    enter_organizations(known, stories)
    for person in log_ins(stories):
        give_account(known, person)
    counts = send_all(known, stories)
    known.save()
    enter_credit_events(known, stories)
    enter_labels(known, stories)
    films = enter_recordings(known, stories)
    if counts:
        click.echo("Waiting for the judgement, then making the reports of " + REPORT_MONTH)
        if judged(known, stories):
            win_appeal(known, stories)
            make_reports(stories)
        else:
            click.echo("The judgement takes longer than usual; `hengjian report` makes reports at any time.")
    else:
        win_appeal(known, stories)
    if films:
        report_on_recordings(known, stories)
    told = ", ".join(f"{name} {counts[name]}" for name in counts) or "everything was there"
    click.echo(f"Demo region ready in {time.monotonic() - begun:.0f} s: {told}")


def main() -> int:
    """Read where the product listens from the environment that `hengjian run` gives."""
    base_url = os.environ.get("HENGJIAN_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    file = Path(os.environ.get("HENGJIAN_STATE", "var")) / "demo.json"
    try:
        load(base_url, file)
    except (AnswerError, CommandError, OSError) as failure:
        click.echo(f"The demo region could not be loaded: {failure}", err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
