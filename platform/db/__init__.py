"""PostgreSQL: callers, sessions, the table register, row-level security."""

from hengjian.platform.db.caller import GATE as GATE
from hengjian.platform.db.caller import Caller as Caller
from hengjian.platform.db.caller import region_range as region_range
from hengjian.platform.db.database import Database as Database
from hengjian.platform.db.database import ReadSession as ReadSession
from hengjian.platform.db.database import Session as Session
from hengjian.platform.db.database import literal_like as literal_like
from hengjian.platform.db.database import sql as sql
from hengjian.platform.db.errors import DatabaseBusyError as DatabaseBusyError
from hengjian.platform.db.errors import NoContextError as NoContextError
from hengjian.platform.db.errors import OutsideJurisdictionError as OutsideJurisdictionError
from hengjian.platform.db.errors import told_of as told_of
