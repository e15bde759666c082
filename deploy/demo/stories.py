"""The contractors of the demo region, each with one thing to tell."""

from datetime import date, timedelta

from hengjian.deploy.demo import registers
from hengjian.deploy.demo.invented import credit_code, person_name, wrong_identity_number
from hengjian.deploy.demo.outset import outset
from hengjian.deploy.demo.plans import COUNT_DAYS, CityPlan, Plan, Push, Row, Story

CONTRACTOR = ("CONTRACTOR",)
U, K = "6501", "6502"


def contractors() -> tuple[Story, ...]:
    """All contractors with points or about to have them."""
    return (
        _model(),
        _supervisor_short(),
        _late_hire(),
        _spares_short_and_mended(),
        _no_cars_in_second_city(),
        _too_many_points(),
        _small_office(),
        _registration_expired(),
        _certificates_expired(),
        _usage_unknown(),
        _newcomer(),
        _laggard(),
        _busy_autumn(),
    )


def _story(
    number: int,
    name: str,
    region: str,
    plan: Plan,
    *,
    tells: str,
    later: tuple[Push, ...] = (),
    breaches: tuple[str, ...] = (),
    no_data: tuple[str, ...] = (),
) -> Story:
    code = credit_code(number, region)
    home = region[:4]
    serves = tuple(dict.fromkeys([home, *(city.city for city in plan.cities)]))
    first = outset(number, name, plan, code=code, kinds=CONTRACTOR, region=region, serves=serves)
    return Story(
        number=number,
        name=name,
        kinds=CONTRACTOR,
        region=region,
        credit_code=code,
        serves=serves,
        tells=tells,
        pushes=(*first, *later),
        breaches=breaches,
        no_data=no_data,
    )


def _model() -> Story:
    plan = Plan(
        cities=(CityPlan(U, 70, 88, 3, early=56), CityPlan(K, 26, 30, 1, early=20)),
        technicians=14,
        supervisors=2,
        office_m2="260.0",
    )
    return _story(1, "天衡环境运维（演示）有限公司", "650102", plan, tells="keeps every rule all year: grade A")


def _supervisor_short() -> Story:
    plan = Plan(cities=(CityPlan(U, 50, 58, 2, early=38),), technicians=8)
    grown = Push("points", (registers.point(2, U, 51, date(2026, 9, 1)),))
    equipped = Push("sets", (registers.monitoring_set(U, 51, 1, date(2026, 9, 1)),))
    return _story(
        2,
        "博格达环境监测技术（演示）有限公司",
        "650103",
        plan,
        tells="its 51st point asks for a second supervisor, missing since 2026-09-01",
        later=(grown, equipped, _careless_people(2)),
        breaches=("C-04",),
    )


def _careless_people(number: int) -> Push:
    """A batch typed in haste: one good row, a wrong check character, a leaving before the hire, an unknown city."""
    base: Row = {"role": "OTHER", "hiredOn": "2026-09-14"}
    names = [person_name(number * 40 + 30 + place) for place in range(4)]
    return Push(
        "people",
        (
            {**base, "sourceRef": "X-001", "name": names[0]},
            {**base, "sourceRef": "X-002", "name": names[1], "identityNumber": wrong_identity_number(902)},
            {**base, "sourceRef": "X-003", "name": names[2], "leftOn": "2026-09-01"},
            {**base, "sourceRef": "X-004", "name": names[3], "city": "6599"},
        ),
    )


def _late_hire() -> Story:
    plan = Plan(cities=(CityPlan(U, 40, 44, 2, early=34),), technicians=6)
    hired, due_missed = date(2026, 4, 15), date(2026, 8, 20)
    person: Row = {
        "sourceRef": "T-007",
        "name": person_name(157),
        "role": "TECHNICIAN",
        "hiredOn": registers.day(hired),
        "title": "技术员",
        "education": "大专",
        "city": U,
    }
    waiting: Row = {**person, "sourceRef": "T-008", "name": person_name(158), "hiredOn": "2026-07-06"}
    certified = registers.certificate(3, "T-007", due_missed, due_missed + timedelta(days=1095))
    pledges = (registers.pledge("T-007", hired), registers.pledge("T-008", date(2026, 7, 6)))
    return _story(
        3,
        "昆仑清源环保科技（演示）有限公司",
        "650104",
        plan,
        tells="one technician certified five weeks late, another hired on 2026-07-06 and still without a certificate",
        later=(
            Push("people", (person, waiting)),
            Push("certificates", (certified,)),
            Push("pledges", pledges),
            Push("deviceFailures", registers.device_failures(U)),
        ),
        breaches=("C-06", "C-07"),
    )


def _spares_short_and_mended() -> Story:
    before, after = COUNT_DAYS[:8], COUNT_DAYS[8:]
    plan = Plan(
        cities=(CityPlan(U, 24, 30, 1, early=20), CityPlan(K, 28, 36, 2, early=22)),
        technicians=9,
        supervisors=2,
        stock_days=before,
    )
    _, usage = registers.need(plan, 0)
    at_limit = registers.stock_row("C-PUMPTUBE", usage * 110 // 100, date(2026, 6, 8))
    refilled = registers.stock_row("C-PUMPTUBE", usage * 4, date(2026, 6, 19))
    return _story(
        4,
        "塔里木在线监测（演示）有限公司",
        "650106",
        plan,
        tells="pump tubes short from 2026-06-08 to 2026-06-18, then mended; one stock push never arrived",
        later=(
            Push("stock", (at_limit,), skip=1),
            Push("stock", (refilled,), repeated=True),
            *(Push("stock", tuple(registers.stock(plan, counted))) for counted in after),
        ),
    )


def _no_cars_in_second_city() -> Story:
    plan = Plan(
        cities=(CityPlan(U, 30, 30, 4, early=25), CityPlan(K, 22, 31, 0, early=16)), technicians=8, supervisors=2
    )
    return _story(
        5,
        "准噶尔环境服务（演示）有限公司",
        "650105",
        plan,
        tells="four cars where one is needed, none in the second city: no pooling",
        breaches=("C-08",),
    )


def _too_many_points() -> Story:
    plan = Plan(cities=(CityPlan(K, 40, 42, 2, early=40),), technicians=5)
    added = date(2026, 5, 4)
    return _story(
        6,
        "雪莲环境工程（演示）有限公司",
        "650203",
        plan,
        tells="41 points for five technicians since 2026-05-04: 8.2 each",
        later=(
            Push("points", (registers.point(6, K, 41, added),)),
            Push("sets", (registers.monitoring_set(K, 41, 1, added),), mode="ALL_OR_NOTHING"),
        ),
        breaches=("C-05",),
    )


def _small_office() -> Story:
    plan = Plan(cities=(CityPlan(K, 18, 20, 1, early=14),), technicians=5, office_m2="49.99")
    return _story(
        7,
        "戈壁蓝天环境服务（演示）有限公司",
        "650202",
        plan,
        tells="an office of 49.99 square metres, one hundredth too small: confirmed by the city, overturned on appeal",
        breaches=("C-02",),
    )


def _registration_expired() -> Story:
    plan = Plan(cities=(CityPlan(K, 32, 35, 2, early=30),), technicians=6, registered_until=date(2026, 4, 30))
    reporting = next(row for row in registers.policy_documents(plan) if row["kind"] == "REPORTING")
    withdrawn: Row = {**reporting, "validFrom": "2026-06-01", "withdrawn": True}
    return _story(
        8,
        "独山子绿洲运维（演示）有限公司",
        "650202",
        plan,
        tells="its registration with the authority ran out on 2026-04-30, its reporting policy was withdrawn in June",
        later=(Push("policyDocuments", (withdrawn,)),),
        breaches=("C-14", "C-18"),
    )


def _certificates_expired() -> Story:
    plan = Plan(cities=(CityPlan(K, 30, 33, 2, early=24),), technicians=6, certificates_until=date(2026, 9, 30))
    return _story(
        9,
        "晨光监测技术（演示）有限公司",
        "650204",
        plan,
        tells="two technicians' certificates ran out on 2026-09-30",
        breaches=("C-06",),
    )


def _usage_unknown() -> Story:
    plan = Plan(cities=(CityPlan(K, 12, 12, 1, early=12),), technicians=5, usage_known=False)
    return _story(
        10,
        "丹霞环保技术（演示）有限公司",
        "650205",
        plan,
        tells="never said its monthly usage, so its stock can't be judged; skips inspections, was late with a report, and "
        "one technician was at two points within minutes",
        breaches=("C-23",),
        no_data=("C-09",),
    )


def _newcomer() -> Story:
    plan = Plan(cities=(), technicians=5, stock_days=(date(2026, 11, 2),))
    return _story(
        11,
        "新苗自动监测运维（演示）有限公司",
        "650109",
        plan,
        tells="newly registered, no point yet: nothing to rate",
        no_data=("C-04", "C-05", "C-11", "K-04"),
    )


def _laggard() -> Story:
    plan = Plan(
        cities=(CityPlan(U, 66, 74, 1, early=40),),
        technicians=6,
        office_m2="38.50",
        scope="环保设备销售；机电设备安装",
        shared_warehouse=True,
        policies=("ARCHIVES", "REPORTING"),
        mobile=False,
        pledged=False,
    )
    left = tuple({**row, "leftOn": "2026-03-16"} for row in registers.people(12, plan)[:2])
    pledges = tuple(registers.pledge(str(row["sourceRef"]), registers.hired_on(12, 1)) for row in left)
    return _story(
        12,
        "疾风环保服务（演示）有限公司",
        "650106",
        plan,
        tells="grows while its people leave: the worst of the region",
        later=(Push("people", left), Push("pledges", pledges)),
        breaches=("C-01", "C-02", "C-03", "C-04", "C-05", "C-08", "C-12", "C-13", "C-14", "C-15"),
    )


def _busy_autumn() -> Story:
    plan = Plan(cities=(CityPlan(U, 50, 57, 2, early=50),), technicians=8)
    added, hired = date(2026, 10, 12), date(2026, 11, 18)
    _, usage = registers.need(plan, 1)
    supervisor: Row = {
        "sourceRef": "S-002",
        "name": person_name(677),
        "role": "SUPERVISOR",
        "hiredOn": registers.day(hired),
        "title": "高级工程师",
        "education": "本科",
        "city": U,
    }
    technician: Row = {
        **supervisor,
        "sourceRef": "T-009",
        "name": person_name(678),
        "role": "TECHNICIAN",
        "hiredOn": "2026-08-12",
        "title": "技术员",
    }
    certified = date(2026, 11, 16)
    sold: Row = {**registers.vehicles(16, plan)[1], "validFrom": "2026-11-17", "withdrawn": True}
    return _story(
        16,
        "丝路驼铃环境运维（演示）有限公司",
        "650121",
        plan,
        tells="late with a supervisor, a certificate and filters, all mended by now; sold a car on 2026-11-17",
        later=(
            Push("points", (registers.point(16, U, 51, added),)),
            Push("sets", (registers.monitoring_set(U, 51, 1, added),)),
            Push("people", (technician, supervisor)),
            Push("pledges", (registers.pledge("T-009", date(2026, 8, 12)),)),
            Push("certificates", (registers.certificate(16, "T-009", certified, certified + timedelta(days=1095)),)),
            Push("stock", (registers.stock_row("C-FILTER", usage, date(2026, 11, 9)),)),
            Push("stock", (registers.stock_row("C-FILTER", usage * 4, date(2026, 11, 13)),)),
            Push("vehicles", (sold,)),
        ),
        breaches=("C-08",),
    )
