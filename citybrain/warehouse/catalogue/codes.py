"""Information resource codes (信息资源代码): 类 1 digit, 项 2, 目 3, "/", 顺序号 (政务信息资源目录编制指南, 2017)."""

from __future__ import annotations

import re

from citybrain.kernel.identity.models import Organisation

DEPARTMENT_CLASS = "3"
"""类: 1 基础, 2 主题, 3 部门. What a provider delivers is a department resource."""

KINDS = {
    Organisation.Kind.GOVERNMENT: "01",
    Organisation.Kind.INSTITUTION: "02",
    Organisation.Kind.COURT: "03",
    Organisation.Kind.ASSOCIATION: "04",
    Organisation.Kind.UTILITY: "05",
    Organisation.Kind.TOWN: "11",
    Organisation.Kind.SUBDISTRICT: "12",
    Organisation.Kind.ZONE: "13",
}
"""项 of the department class: the kind of body. The guide leaves these digits to the county."""

PATTERN = re.compile(r"[1-3]\d{2}\d{3}\d*/\d{1,12}")
"""Any code the guide allows, 细目 included."""


def department_code(provider: Organisation, serial: int) -> str:
    """The code of resource `serial`, delivered by `provider`: 类 3, 项 its kind, 目 its place in the county's list.

    >>> department_code(Organisation(kind="government", position=0), 17)
    '301001/17'
    """
    kind = KINDS[Organisation.Kind(provider.kind)]
    return f"{DEPARTMENT_CLASS}{kind}{(provider.position + 1) % 1000:03d}/{serial}"
