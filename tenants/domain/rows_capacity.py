"""Rows of the registers of who works, with what right: people, certificates, pledges, offices, laboratories."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from hengjian.tenants.domain.fields import Name, Names, Prose, RegisterRow, SourceRef, label
from hengjian.tenants.domain.kinds import (
    CertificateKind,
    LaboratoryOwnership,
    OrganizationKind,
    PersonRole,
    PlatformModule,
    PolicyKind,
    Registry,
    TitleLevel,
)


class OrganizationRow(RegisterRow, kw_only=True):
    """An organization and what it says of itself: one row an organization, kept in the register `profile`."""

    credit_code: Annotated[
        Name,
        label("统一社会信用代码", "credit code, GB 32100, 18 characters", short_zh="信用代码", short_en="credit code"),
    ]
    name: Annotated[Name, label("机构名称", "name")]
    kinds: Annotated[
        list[OrganizationKind], label("机构类别", "kinds; one organization may be several", short_en="kinds")
    ]
    home_region: Annotated[Name, label("注册地区", "region of registration, GB/T 2260 code", short_en="home region")]
    business_scope: (
        Annotated[Prose, label("经营范围", "business scope as on the licence", short_en="business scope")] | None
    ) = None
    contact_name: Annotated[Name, label("联系人", "contact person")] | None = None
    contact_phone: Annotated[Name, label("联系电话", "contact telephone")] | None = None
    address: Annotated[Name, label("住所", "registered address")] | None = None
    platform_modules: (
        Annotated[
            list[PlatformModule],
            label(
                "信息化平台模块",
                "modules of the information platform",
                short_zh="平台模块",
                short_en="platform modules",
            ),
        ]
        | None
    ) = None
    mobile: Annotated[bool, label("移动端", "the platform has a mobile client", short_en="mobile client")] | None = None
    regions_served: Annotated[
        Names, label("服务地区", "regions served, GB/T 2260 codes", short_en="regions served")
    ] = []


class RegistrationRow(RegisterRow, kw_only=True):
    """A registration (备案) with the authority or an association."""

    registry: Annotated[Registry, label("备案平台", "where it is held")]
    number: Annotated[Name, label("备案编号", "registration number")]
    registered_region: (
        Annotated[Name, label("备案地区", "region it is for, GB/T 2260 code", short_en="region")] | None
    ) = None


class LaboratoryRow(RegisterRow, kw_only=True):
    """A laboratory that the organization uses, its own or contracted, with its CMA."""

    name: Annotated[Name, label("实验室名称", "name of the laboratory")]
    ownership: Annotated[LaboratoryOwnership, label("自有或委托", "own or contracted")]
    credit_code: (
        Annotated[
            Name,
            label(
                "统一社会信用代码",
                "credit code of the laboratory's organization",
                short_zh="信用代码",
                short_en="credit code",
            ),
        ]
        | None
    ) = None
    items_used: Annotated[
        Names, label("使用的检测项目", "items for which it is used", short_zh="检测项目", short_en="items used")
    ] = []


class AccreditationRow(RegisterRow, kw_only=True):
    """A qualification (CMA 资质认定) with its scope; valid from the first to the last day on the certificate."""

    number: Annotated[Name, label("证书编号", "certificate number")]
    laboratory_ref: Annotated[SourceRef, label("实验室", "source reference of the laboratory", short_en="laboratory")]
    items: Annotated[Names, label("能力范围", "items in scope")]
    granted_on: (
        Annotated[date, label("发证日期", "day of the grant; absent means the first day of validity")] | None
    ) = None


class PersonRow(RegisterRow, kw_only=True):
    """A person employed in one role; counts from the day of hire until the day of leaving, that day excluded."""

    name: Annotated[Name, label("姓名", "name")]
    role: Annotated[PersonRole, label("岗位", "role")]
    hired_on: Annotated[date, label("入职日期", "first day employed")]
    left_on: Annotated[date, label("离职日期", "first day no longer employed", short_en="left on")] | None = None
    title: Annotated[Name, label("职称", "professional title")] | None = None
    title_level: Annotated[TitleLevel, label("职称级别", "level of the title")] | None = None
    education: Annotated[Name, label("学历", "education")] | None = None
    experienced_since: (
        Annotated[date, label("从事监测工作起始日期", "first day of work in environmental monitoring")] | None
    ) = None
    identity_number: (
        Annotated[
            str,
            label(
                "身份证号",
                "identity number; kept as fingerprint and last four",
                short_en="identity number",
                sealed=True,
            ),
        ]
        | None
    ) = None
    city: Annotated[Name, label("服务地市", "city of work, GB/T 2260 code", short_en="city")] | None = None


class CertificateRow(RegisterRow, kw_only=True):
    """A certificate of a person (上岗证); its last day is still valid."""

    person_ref: Annotated[SourceRef, label("人员", "source reference of the person", short_en="person")]
    kind: Annotated[CertificateKind, label("类别", "what work it covers")]
    number: Annotated[Name, label("证书编号", "certificate number")]
    issuer: Annotated[Name, label("发证机构", "issuer")]
    issued_on: Annotated[date, label("发证日期", "day of issue")]
    items: Annotated[Names, label("授权项目", "items that it covers")] = []


class PledgeRow(RegisterRow, kw_only=True):
    """A pledge (自律承诺书) signed by a person."""

    person_ref: Annotated[SourceRef, label("承诺人", "source reference of the person", short_en="person")]
    signed_on: Annotated[date, label("签订日期", "day of signature")]
    text_version: Annotated[Name, label("文本版本", "version of the text")] | None = None


class OfficeRow(RegisterRow, kw_only=True):
    """An office."""

    name: Annotated[Name, label("办公场所", "name of the office")]
    city: Annotated[Name, label("所在地市", "city, GB/T 2260 code", short_en="city")]
    area_m2: Annotated[Decimal, label("面积", "floor area", unit="m²")] | None = None
    address: Annotated[Name, label("地址", "address")] | None = None


class WarehouseRow(RegisterRow, kw_only=True):
    """A warehouse for spares (备件库)."""

    name: Annotated[Name, label("备件库", "name of the warehouse")]
    city: Annotated[Name, label("所在地市", "city, GB/T 2260 code", short_en="city")]
    shared: Annotated[bool, label("共用", "shared with another contractor", short_en="shared")]


class PolicyDocumentRow(RegisterRow, kw_only=True):
    """A policy document (管理制度) in force."""

    kind: Annotated[PolicyKind, label("制度类别", "which of the six documents", short_en="document")]
    title: Annotated[Name, label("名称", "title")]
    version: Annotated[Name, label("版本", "version")] | None = None
