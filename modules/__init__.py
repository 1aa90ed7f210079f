"""Classes over services: needs only the standard library and, for each service used, its driver."""

from aibasic.modules.base import Module
from aibasic.modules.opensearch.module import OpenSearchModule
from aibasic.modules.postgres_module import PostgresModule

__all__ = ["Module", "OpenSearchModule", "PostgresModule"]
