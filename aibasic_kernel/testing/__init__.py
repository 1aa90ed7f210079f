"""The contract that all modules keep, as tests for a module of your own; needs pytest.

from aibasic_kernel.testing import Contract, ServiceUnderTest

@pytest.fixture(scope="module")
def service():
    with MemcachedUnderTest() as service:  # a subclass of ServiceUnderTest
        yield service

class TestMemcached(Contract):
    pass
"""

import pkgutil

import pytest

pytest.register_assert_rewrite(*(f"{__name__}.{file.name}" for file in pkgutil.iter_modules(__path__)))

from aibasic_kernel.testing.contract import Contract  # noqa: E402
from aibasic_kernel.testing.fault_proxy import FaultProxy  # noqa: E402
from aibasic_kernel.testing.service import Bulk, Keys, Looking, Operation, Refusal, ServiceUnderTest, Words  # noqa: E402
from aibasic_kernel.testing.tls_front import TlsFront  # noqa: E402
from aibasic_kernel.testing.waiting import eventually  # noqa: E402

__all__ = [
    "Bulk",
    "Contract",
    "FaultProxy",
    "Keys",
    "Looking",
    "Operation",
    "Refusal",
    "ServiceUnderTest",
    "TlsFront",
    "Words",
    "eventually",
]
