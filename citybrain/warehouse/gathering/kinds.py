"""Every kind of source (数据源类型) that a declaration may name, said honestly: tested here, or accepted and untested.

A database kind is an SQLAlchemy URL scheme; what is not on this list but installed as an SQLAlchemy dialect works too.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from django.utils.translation import gettext as _

from citybrain.warehouse.gathering.errors import DeclarationError, DriverMissing


class Way(StrEnum):
    """How a kind is read."""

    DATABASE = "database"
    FILE = "file"
    SERVICE = "service"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of source."""

    key: str
    title: str
    way: Way
    schemes: tuple[str, ...] = ()
    """URL schemes it is written with, the first is the usual one."""
    package: str = ""
    """PyPI package of the driver; empty where nothing beyond this installation is needed."""
    module: str = ""
    """Module whose presence shows that the driver is installed."""
    is_tested: bool = False
    """Whether this project's tests read it for real; everything else is accepted, untested."""

    @property
    def is_installed(self) -> bool:
        return not self.module or importlib.util.find_spec(self.module.split(".", maxsplit=1)[0]) is not None

    @property
    def install(self) -> str:
        """Command that installs the driver; empty where none is needed."""
        return f"python -m pip install {self.package}" if self.package else ""

    @property
    def status(self) -> str:
        return _("tested here") if self.is_tested else _("accepted, untested")

    def require(self) -> None:
        """Raise DriverMissing, naming the command, when the driver is not installed."""
        if not self.is_installed:
            raise DriverMissing(
                _("%(title)s needs the package %(package)s, which is not installed. Install it with: %(command)s")
                % {"title": self.title, "package": self.package, "command": self.install}
            )


def _file(key: str, title: str) -> Kind:
    return Kind(key=key, title=title, way=Way.FILE, is_tested=True)


def _database(key: str, title: str, scheme: str, package: str, module: str) -> Kind:
    return Kind(key=key, title=title, way=Way.DATABASE, schemes=tuple(scheme.split()), package=package, module=module)


_TESTED = (
    _file("csv", "CSV, TSV and other delimited text"),
    _file("xlsx", "Excel, ODS workbooks"),
    _file("jsonl", "JSON lines, JSON"),
    _file("parquet", "Parquet"),
    _file("dbf", "DBF (dBase, FoxPro)"),
    Kind(key="http-json", title="Paged JSON over HTTP", way=Way.SERVICE, schemes=("https", "http"), is_tested=True),
    Kind(
        key="sftp", title="Files over SFTP", way=Way.SERVICE, schemes=("sftp",),
        package="paramiko", module="paramiko", is_tested=True,
    ),
    Kind(key="sqlite", title="SQLite", way=Way.DATABASE, schemes=("sqlite",), is_tested=True),
    Kind(
        key="postgresql", title="PostgreSQL", way=Way.DATABASE, schemes=("postgresql", "postgres"),
        package="adbc-driver-postgresql", module="adbc_driver_postgresql", is_tested=True,
    ),
    Kind(
        key="postgresql-psycopg", title="PostgreSQL, psycopg 3", way=Way.DATABASE, schemes=("postgresql+psycopg",),
        package="psycopg", module="psycopg", is_tested=True,
    ),
)  # fmt: skip

# key | title | URL scheme | package | module
_UNTESTED = """
dameng | Dameng 达梦 DM8 | dm+dmPython dm | dmsqlalchemy | dmPython
dameng-pure | Dameng 达梦, pure Python driver | dm+dm | ns-dm-sqlalchemy | dm
kingbase | KingbaseES 人大金仓 | postgresql+ksycopg2 kingbase | ksycopg2 | ksycopg2
opengauss | openGauss | opengauss+psycopg2 opengauss | opengauss-sqlalchemy | opengauss_sqlalchemy
gaussdb | GaussDB 华为 | opengauss+gaussdb gaussdb | gaussdb | gaussdb
mogdb | MogDB 云和恩墨 | mogdb | sqlalchemy-mogdb | sqlalchemy_mogdb
vastbase | Vastbase 海量 | vastbase | pyvastbase | pyvastbase
highgo | HighGo 瀚高 | postgresql+psycopg highgo | psycopg | psycopg
oscar | Shentong 神通 Oscar | oscar | sqlalchemy-hcm-oscar | sqlalchemy_hcm_oscar
oceanbase-oracle | OceanBase, Oracle mode | oceanbase+oracle oceanbase | oceanbase-sqlalchemy | oceanbase_sqlalchemy
oceanbase | OceanBase, MySQL mode | mysql+oceanbase | sqlalchemy-oceanbase | pyobvector
gbase8s | GBase 8s 南大通用 | gbase8s | gbase8s-sqlalchemy | gbase8s_sqlalchemy
gbase8a | GBase 8a 南大通用 | mysql+pymysql gbase8a | pymysql | pymysql
yashandb | YashanDB 崖山 | yashandb | yashandb-sqlalchemy | yashandb_sqlalchemy
xugu | XuguDB 虚谷 | xugu | xgcondb-driver | xgcondb
goldendb | GoldenDB 中兴 | mysql+pymysql goldendb | pymysql | pymysql
tdsql | TDSQL 腾讯 | mysql+pymysql tdsql | pymysql | pymysql
polardb-mysql | PolarDB, MySQL mode | mysql+pymysql polardb | pymysql | pymysql
polardb-postgresql | PolarDB, PostgreSQL mode | postgresql+psycopg polardb-pg | psycopg | psycopg
analyticdb-mysql | AnalyticDB for MySQL | mysql+pymysql adb | pymysql | pymysql
analyticdb-postgresql | AnalyticDB for PostgreSQL | postgresql+psycopg adb-pg | psycopg | psycopg
hologres | Hologres | postgresql+psycopg hologres | psycopg | psycopg
maxcompute | MaxCompute (ODPS) | odps | pyodps | odps
doris | Apache Doris | doris+pymysql doris | doris-alchemy | doris_alchemy
pydoris | Apache Doris, pydoris | pydoris | pydoris | pydoris
starrocks | StarRocks | starrocks | starrocks | starrocks
selectdb | SelectDB | mysql+pymysql selectdb | pymysql | pymysql
bytehouse | ByteHouse | bytehouse | bytehouse-sqlalchemy | bytehouse_sqlalchemy
clickzetta | ClickZetta Lakehouse | clickzetta | clickzetta-sqlalchemy | clickzetta
tdengine | TDengine | taos | taospy | taos
tdengine-websocket | TDengine over WebSocket | taosws | taos-ws-py | taosws
iotdb | Apache IoTDB | iotdb | apache-iotdb | iotdb
tidb | TiDB | mysql+pymysql tidb | pymysql | pymysql
kylin | Apache Kylin | kylin | kylinpy | kylinpy
greptimedb | GreptimeDB | greptimedb | greptimedb-sqlalchemy | greptimedb_sqlalchemy
mysql | MySQL | mysql+pymysql mysql | pymysql | pymysql
mysql-client | MySQL, C client | mysql+mysqldb | mysqlclient | MySQLdb
mysql-connector | MySQL, Oracle's connector | mysql+mysqlconnector | mysql-connector-python | mysql
mariadb | MariaDB | mariadb+pymysql mariadb | pymysql | pymysql
mariadb-connector | MariaDB, own connector | mariadb+mariadbconnector | mariadb | mariadb
aurora-mysql | Amazon Aurora MySQL | mysql+pymysql aurora-mysql | pymysql | pymysql
percona | Percona Server | mysql+pymysql percona | pymysql | pymysql
singlestore | SingleStore | singlestoredb | sqlalchemy-singlestoredb | sqlalchemy_singlestoredb
vitess | Vitess, PlanetScale | mysql+pymysql vitess | pymysql | pymysql
oracle | Oracle | oracle+oracledb oracle | oracledb | oracledb
oracle-cx | Oracle, cx_Oracle | oracle+cx_oracle | cx-oracle | cx_Oracle
sqlserver | SQL Server | mssql+pymssql mssql | pymssql | pymssql
sqlserver-odbc | SQL Server, ODBC | mssql+pyodbc | pyodbc | pyodbc
azure-sql | Azure SQL, Synapse | mssql+pyodbc azure-sql | pyodbc | pyodbc
db2 | IBM Db2 | db2+ibm_db db2 ibm_db_sa | ibm-db-sa | ibm_db_sa
informix | IBM Informix | informix | sqlalchemy-informix | sqlalchemy_informix
netezza | IBM Netezza | netezza+nzpy netezza | nzalchemy | nzalchemy
sybase-ase | SAP ASE (Sybase) | sybase | sqlalchemy-sybase | sqlalchemy_sybase
sqlanywhere | SAP SQL Anywhere | sqlalchemy_sqlany | sqlalchemy-sqlany | sqlalchemy_sqlany
hana | SAP HANA | hana+hdbcli hana | sqlalchemy-hana | sqlalchemy_hana
access | Microsoft Access | access+pyodbc access | sqlalchemy-access | sqlalchemy_access
firebird | Firebird | firebird+firebird firebird | sqlalchemy-firebird | sqlalchemy_firebird
ingres | Actian Ingres, Vector | ingres | sqlalchemy-ingres | sqlalchemy_ingres
pervasive | Actian Zen (Pervasive) | pervasive | sqlalchemy-pervasive | sqlalchemy_pervasive
mimer | Mimer SQL | mimer | sqlalchemy-mimer | sqlalchemy_mimer
hsqldb | HyperSQL | hsqldb+jaydebeapi hsqldb | sqlalchemy-hsqldb | sqlalchemy_hsqldb
h2 | H2 | h2 | empressia-sqlalchemy-h2 | empressia
cubrid | CUBRID | cubrid | sqlalchemy-cubrid | sqlalchemy_cubrid
altibase | Altibase | altibase+pyodbc altibase | sqlalchemy-pyaltibase | sqlalchemy_pyaltibase
tibero | Tibero | tibero | sqlalchemy-pytibero | sqlalchemy_pytibero
iris | InterSystems IRIS | iris | sqlalchemy-intersystems-iris | sqlalchemy_iris
faircom | FairCom | faircom | sqlalchemy-faircom | sqlalchemy_faircom
paradox | Borland Paradox | paradox | sqlalchemy-paradox | sqlalchemy_paradox
monetdb | MonetDB | monetdb | sqlalchemy-monetdb | sqlalchemy_monetdb
sqlcipher | SQLite encrypted (SQLCipher) | sqlite+pysqlcipher | pysqlcipher3 | pysqlcipher3
libsql | libSQL, Turso | sqlite+libsql libsql | sqlalchemy-libsql | sqlalchemy_libsql
d1 | Cloudflare D1 | d1 | sqlalchemy-d1 | sqlalchemy_d1
rqlite | rqlite | rqlite+pyrqlite rqlite | sqlalchemy-rqlite | sqlalchemy_rqlite
dqlite | dqlite | dqlite | sqlalchemy-dqlite | sqlalchemy_dqlite
duckdb | DuckDB file | duckdb | duckdb-engine | duckdb_engine
chdb | chDB | chdb | chdb-sqlalchemy | chdb_sqlalchemy
postgresql-psycopg2 | PostgreSQL, psycopg 2 | postgresql+psycopg2 | psycopg2-binary | psycopg2
postgresql-pg8000 | PostgreSQL, pure Python | postgresql+pg8000 | pg8000 | pg8000
cockroachdb | CockroachDB | cockroachdb+psycopg cockroachdb | sqlalchemy-cockroachdb | sqlalchemy_cockroachdb
yugabytedb | YugabyteDB | yugabytedb | sqlalchemy-yugabytedb | sqlalchemy_yugabytedb
greenplum | Greenplum | greenplum | sqlalchemy-greenplum | sqlalchemy_greenplum
timescaledb | TimescaleDB | timescaledb | sqlalchemy-timescaledb | sqlalchemy_timescaledb
risingwave | RisingWave | risingwave | sqlalchemy-risingwave | sqlalchemy_risingwave
questdb | QuestDB | questdb | questdb-connect | questdb_connect
cratedb | CrateDB | crate | sqlalchemy-cratedb | sqlalchemy_cratedb
materialize | Materialize | postgresql+psycopg materialize | psycopg | psycopg
aurora-dsql | Amazon Aurora DSQL | auroradsql+psycopg auroradsql | aurora-dsql-sqlalchemy | aurora_dsql_sqlalchemy
aurora-data-api | Aurora Data API | postgresql+auroradataapi | aurora-data-api | aurora_data_api
redshift | Amazon Redshift | redshift+redshift_connector redshift | sqlalchemy-redshift | sqlalchemy_redshift
athena | Amazon Athena | awsathena+rest awsathena | pyathena | pyathena
bigquery | Google BigQuery | bigquery | sqlalchemy-bigquery | sqlalchemy_bigquery
spanner | Google Spanner | spanner+spanner | sqlalchemy-spanner | google.cloud.sqlalchemy_spanner
snowflake | Snowflake | snowflake | snowflake-sqlalchemy | snowflake
databricks | Databricks | databricks | databricks-sqlalchemy | databricks
databend | Databend | databend | databend-sqlalchemy | databend_sqlalchemy
firebolt | Firebolt | firebolt | firebolt-sqlalchemy | firebolt_db
teradata | Teradata | teradatasql | teradatasqlalchemy | teradatasqlalchemy
vertica | Vertica | vertica+vertica_python vertica | sqlalchemy-vertica-python | sqla_vertica_python
exasol | Exasol | exa+websocket exa | sqlalchemy-exasol | sqlalchemy_exasol
kinetica | Kinetica | kinetica | sqlalchemy-kinetica | sqlalchemy_kinetica
heavyai | HEAVY.AI (OmniSci) | heavydb | sqlalchemy-heavyai | sqlalchemy_heavyai
sqream | SQream | pysqream | pysqream-sqlalchemy | pysqream_sqlalchemy
ocient | Ocient | ocient | sqlalchemy-ocient | sqlalchemy_ocient
ydb | YDB | yql+ydb yql | ydb-sqlalchemy | ydb_sqlalchemy
clickhouse | ClickHouse | clickhousedb clickhousedb+connect | clickhouse-connect | clickhouse_connect
clickhouse-native | ClickHouse, native | clickhouse+native clickhouse | clickhouse-sqlalchemy | clickhouse_sqlalchemy
timeplus | Timeplus, Proton | timeplus | timeplus-connect | timeplus_connect
hive | Apache Hive, Spark Thrift server | hive | pyhive | pyhive
hive-acryl | Apache Hive, maintained fork | hive | acryl-pyhive | pyhive
impala | Apache Impala | impala | impyla | impala
presto | Presto | presto | pyhive | pyhive
trino | Trino | trino | trino | trino
drill | Apache Drill | drill+sadrill drill | sqlalchemy-drill | sqlalchemy_drill
dremio | Dremio | dremio+flight dremio | sqlalchemy-dremio | sqlalchemy_dremio
druid | Apache Druid | druid | pydruid | pydruid
pinot | Apache Pinot | pinot | pinotdb | pinotdb
phoenix | Apache Phoenix (HBase) | phoenix | phoenixdb | phoenixdb
ignite | Apache Ignite | ignite | sqlalchemy-ignite | sqlalchemy_ignite
solr | Apache Solr | solr | sqlalchemy-solr | sqlalchemy_solr
elasticsearch | Elasticsearch SQL | elasticsearch+http elasticsearch | elasticsearch-dbapi | es
opensearch | OpenSearch SQL | odelasticsearch+https odelasticsearch | elasticsearch-dbapi | es
kusto | Azure Data Explorer | kustosql+https kustosql | sqlalchemy-kusto | sqlalchemy_kusto
couchbase | Couchbase Analytics | couchbase | couchbase-sqlalchemy | couchbase_sqlalchemy
mongodb | MongoDB by SQL | mongodb | pymongosql | pymongosql
neo4j | Neo4j | neo4j | sqlalchemy-neo4j | sqlalchemy_neo4j
denodo | Denodo | denodo | denodo-sqlalchemy | denodo
odata | OData v4 | odata | sqlalchemy-odata | sqlalchemy_odata
openobserve | OpenObserve | openobserve | sqlalchemy-openobserve | sqlalchemy_openobserve
jdbc | Any JDBC driver | jdbcapi | sqlalchemy-jdbcapi | sqlalchemy_jdbcapi
adbc | Any ADBC driver, Flight SQL | adbc | sqlalchemy-adbc | sqlalchemy_adbc
"""


def _untested() -> tuple[Kind, ...]:
    rows = (line.split("|") for line in _UNTESTED.strip().splitlines())
    return tuple(_database(*(cell.strip() for cell in row)) for row in rows)


KINDS: dict[str, Kind] = {kind.key: kind for kind in (*_TESTED, *_untested())}
"""Every kind by its key."""


def kind_of(key: str) -> Kind:
    """The kind a declaration names, by key or by SQLAlchemy URL scheme. Raises DeclarationError with a suggestion."""
    if key in KINDS:
        return KINDS[key]
    for kind in KINDS.values():
        if key in kind.schemes:
            return kind
    near = get_close_matches(key, KINDS, n=1)
    raise DeclarationError(
        _("There is no source kind %(kind)s.") % {"kind": repr(key)}
        + (" " + _("Did you mean %(near)s?") % {"near": repr(near[0])} if near else "")
        + " "
        + _("`citybrain sources --kinds` lists all.")
    )
