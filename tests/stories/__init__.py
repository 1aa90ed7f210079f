"""The services that have a story in notebooks/."""

from tests.stories.kafka import KafkaService
from tests.stories.mysql import MySQLService
from tests.stories.opensearch import OpenSearchService
from tests.stories.rabbitmq import RabbitMQService
from tests.stories.redis import RedisService

SERVICES = (MySQLService, RabbitMQService, KafkaService, RedisService, OpenSearchService)
