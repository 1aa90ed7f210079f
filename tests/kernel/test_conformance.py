"""The messaging protocol, judged by jupyter_kernel_test."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import jupyter_kernel_test


class TestProtocol(jupyter_kernel_test.KernelTests):
    kernel_name = "aibasic"
    language_name = "aibasic"
    file_extension = ".aib"
    code_hello_world = '10 print "hello, world"'
    code_stderr = "import sys; print('oops', file=sys.stderr)"
    completion_samples = (
        {"text": "zi", "matches": {"zip"}},
        {"text": "10 (exc", "matches": {"excel)"}},
        {"text": "CONTE", "matches": {"CONTEXT"}},
    )
    complete_code_samples = ("10 print 5", "don't panic (really)", "x = 1")
    incomplete_code_samples = ("10 query all customers where", "for x in range(3):", "print(")
    code_page_something = "?zip"
    code_generate_error = "1 / 0"
    code_execute_result = (
        {"code": "6 * 7", "result": "42"},
        {"code": "set q to 3\nq + 1", "result": "4"},
    )
    code_display_data = (
        {"code": "from IPython.display import HTML, display; display(HTML('<b>x</b>'))", "mime": "text/html"},
    )
    code_history_pattern = "6 *"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.before = Path.cwd()
        os.chdir(cls.folder.name)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        os.chdir(cls.before)
        cls.folder.cleanup()
