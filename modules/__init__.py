"""Classes over services: needs only the standard library and, for each service used, its driver."""

from aibasic.modules.base import Module
from aibasic.modules.kafka.module import KafkaModule
from aibasic.modules.mysql.module import MySQLModule
from aibasic.modules.opensearch.module import OpenSearchModule
from aibasic.modules.postgres.module import PostgresModule
from aibasic.modules.rabbitmq.module import RabbitMQModule
from aibasic.modules.redis.module import RedisModule

__all__ = [
    "KafkaModule",
    "Module",
    "MySQLModule",
    "OpenSearchModule",
    "PostgresModule",
    "RabbitMQModule",
    "RedisModule",
]
