"""What the Archives delivers (永康市档案馆)."""

from citybrain.rehearsal.makers import person, place
from citybrain.rehearsal.makers.plain import day, decimal, numbered, serial, text, whole
from citybrain.rehearsal.populations import adults, couples, householders, things
from citybrain.rehearsal.specification import Source, Style, Table, Way

ARCHIVES = Source(
    key="archives-catalogue",
    title="馆藏档案目录",
    english="Archive catalogue",
    department="archives",
    way=Way.DBF,
    style=Style(province=False, traditional=0.1, stale=0.2),
    tables=(
        Table(
            key="marriage-file",
            title="婚姻档案",
            english="Marriage files",
            name="HYDA",
            of=couples.share(0.3),
            cycle="yearly",
            columns={
                "DH": serial("0784-"),
                "NANFXM": person.husband,
                "NANFSFZH": person.husband_id,
                "NFXM": person.spouse_name,
                "DJRQ": person.married,
                "YS": whole(1, 30),
            },
        ),
        Table(
            key="land-file",
            title="土地档案",
            english="Land files",
            name="TDDA",
            of=householders.share(0.05),
            cycle="yearly",
            columns={
                "DH": serial("TD-"),
                "QLR": person.contact,
                "ZL": person.address,
                "FZRQ": day("1990-01-01", "2010-01-01"),
                "MJ": decimal(40, 400, 1),
            },
        ),
        Table(
            key="document-file",
            title="文书档案",
            english="Documents",
            name="WSDA",
            of=things(20),
            cycle="yearly",
            columns={
                "DH": serial("WS-"),
                "TM": text("关于|town|道路命名的批复", "关于表彰先进的通知", "|village|村建设用地的请示"),
                "ZRZ": place.department_name,
                "WJRQ": day("1985-01-01"),
                "YS": whole(1, 80),
            },
        ),
        Table(
            key="knowledge-youth",
            title="知青档案",
            english="Files of educated youth",
            name="ZQDA",
            of=adults.share(0.004),
            cycle="yearly",
            columns={
                "DH": serial("ZQ-"),
                "XM": person.name,
                "XB": person.sex,
                "CSRQ": person.birth,
                "AZD": place.village,
            },
        ),
        Table(
            key="photo",
            title="照片档案",
            english="Photographs",
            name="ZPDA",
            of=things(4),
            cycle="yearly",
            columns={
                "DH": serial("ZP-"),
                "TM": text("|village|全貌", "|town|集市"),
                "PSRQ": day("1980-01-01"),
                "GG": numbered("", 12, "寸"),
            },
        ),
    ),
)

SOURCES = (ARCHIVES,)
