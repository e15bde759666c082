"""Jobs in a table, claimed by workers, and schedules that fire each slot once. The worker itself: `jobs.worker`."""

from hengjian.platform.jobs.queue import enqueue as enqueue
from hengjian.platform.jobs.queue import enqueue_all as enqueue_all
from hengjian.platform.jobs.run_claim import Handler as Handler
from hengjian.platform.jobs.schedule import Schedule as Schedule
