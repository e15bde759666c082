"""Events between contexts: an outbox table and its dispatcher."""

from hengjian.platform.events.outbox import Subscription as Subscription
from hengjian.platform.events.outbox import dispatch as dispatch
from hengjian.platform.events.outbox import emit as emit
from hengjian.platform.events.outbox import first_delivery as first_delivery
