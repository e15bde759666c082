"""The evidence log: leaves appended with the deed, numbered after its commit, signed, proved and checked."""

from hengjian.platform.log.append import Entry as Entry
from hengjian.platform.log.append import Leaf as Leaf
from hengjian.platform.log.append import append_leaf as append_leaf
from hengjian.platform.log.append import append_row as append_row
from hengjian.platform.log.append import append_rows as append_rows
from hengjian.platform.log.append import certify_deletion as certify_deletion
from hengjian.platform.log.append import leaf_of_row as leaf_of_row
from hengjian.platform.log.errors import LogError as LogError
from hengjian.platform.log.errors import NotInTheLogError as NotInTheLogError
from hengjian.platform.log.tables import evidence as evidence
from hengjian.platform.log.vouched import Vouching as Vouching
from hengjian.platform.log.vouched import vouched as vouched
