"""The door to what arrived: pushes and their receipts."""

from hengjian.ingestion.domain.push_texts import PUSH_TEXTS as PUSH_TEXTS
from hengjian.ingestion.domain.receipts import LARGEST_BATCH as LARGEST_BATCH
from hengjian.ingestion.domain.receipts import BatchMode as BatchMode
from hengjian.ingestion.domain.receipts import BatchState as BatchState
from hengjian.ingestion.domain.receipts import Problem as Problem
from hengjian.ingestion.domain.receipts import Push as Push
from hengjian.ingestion.domain.receipts import PushAnswer as PushAnswer
from hengjian.ingestion.domain.receipts import PushError as PushError
from hengjian.ingestion.domain.receipts import Receipt as Receipt
from hengjian.ingestion.domain.receipts import ReportMode as ReportMode
from hengjian.ingestion.domain.receipts import RowResult as RowResult
from hengjian.ingestion.domain.receipts import RowStatus as RowStatus
from hengjian.ingestion.month_batches import MonthBatch as MonthBatch
from hengjian.ingestion.month_batches import PushActivity as PushActivity
from hengjian.ingestion.month_batches import batches_between as batches_between
from hengjian.ingestion.month_batches import push_activity as push_activity
from hengjian.ingestion.push import PushRules as PushRules
from hengjian.ingestion.push import push_rows as push_rows
from hengjian.ingestion.read_receipts import BatchHead as BatchHead
from hengjian.ingestion.read_receipts import latest_push as latest_push
from hengjian.ingestion.read_receipts import list_batches as list_batches
from hengjian.ingestion.read_receipts import read_batch as read_batch
from hengjian.ingestion.store_batches import get_receipt as get_receipt
from hengjian.ingestion.store_batches import list_receipts as list_receipts
from hengjian.ingestion.store_batches import stream_state as stream_state
