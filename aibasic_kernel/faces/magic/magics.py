"""What IPython calls: `%%aibasic` for a cell, `%aibasic` for a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.magic.cells import cell_of
from aibasic_kernel.faces.magic.failing import raisable
from aibasic_kernel.faces.magic.options import read_options

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.faces.magic.extension import Extension
    from aibasic_kernel.session.line import Line


@magics_class
class AIBasicMagics(Magics):
    """The magics of one IPython."""

    def __init__(self, shell: InteractiveShell, extension: Extension) -> None:
        super().__init__(shell)
        self._shell = shell
        self.extension = extension

    @no_var_expand  # a value would get into the sentence, and so to a model and into the lock
    @line_cell_magic
    def aibasic(self, line: str, cell: str | None = None) -> None:
        """Run lines of AIBasic: plain English, compiled to Python in this notebook's own variables.

        %%aibasic [options]           all lines of the cell
        %aibasic [options] LINE       one line, or a command such as LIST, COST, CONTEXT, CODE, HELP

        ::

          %%aibasic --model claude-haiku-5-5
          10 (postgres) count the flights per carrier into df
          20 plot df as a bar chart

          %aibasic 10 (csv) read sales.csv into sales
          %aibasic COST

        Options count for this cell alone. They may always protect you better than your settings do; what protects you
        less is asked about first.

        --frozen            compile nothing anew: run from the lock and the phrases
        --model NAME        the model that compiles
        --share WHAT        what it is told of the data: names, types, schema, categories, sample:N
        --confirm WHEN      what is asked about: always, writes, destructive, never
        --phrases WHICH     first, only or off
        --repair N          how often a line that failed is compiled anew
        --show WHAT         what stands above a result: code, line, nothing
        --max-rows N        the most rows that a query fetches
        --max-steps N       the most lines that a program runs
        --budget-usd N      the most that this session spends
        --                  behind it nothing is an option

        Values in braces and names with a dollar are left as they are. `%unload_ext aibasic_kernel` takes the magics
        out again.
        """
        failure = self._failure(line, cell)
        if failure is not None:
            raise failure

    def _failure(self, line: str, body: str | None) -> BaseException | None:
        """Run it: what is to be raised where it failed."""
        failed_line: Line | None = None
        try:
            settings, rest = read_options(line)
            if body is None and not rest:
                raise AIBasicError("%aibasic has no line to run", "%aibasic LINE, or %%aibasic above several lines")
            if body is not None and rest:
                raise AIBasicError(f"{rest!r} is no option of %%aibasic", "write it on the line below")
            self.extension.run(cell_of(self._shell, rest, body), settings)
        except BaseException as error:
            from aibasic_kernel.session.line import LineError

            failed, failed_line = (error.error, error.line) if isinstance(error, LineError) else (error, None)
        else:
            return None
        return raisable(self._shell, failed, failed_line)
