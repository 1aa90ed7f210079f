# What people type. The work is done by the scripts in tools/.

.PHONY: run lab test lint bench docs clean

run:    ## install, load the demo data, run the quick-start notebook
	@tools/run.sh

lab:    ## the same, but open the notebook in JupyterLab
	@tools/run.sh --lab

test:   ## install what the tests need, lint, run every test
	@tools/test.sh

lint:   ## ruff and mypy
	@tools/lint.sh

bench:  ## the figures of the README
	@tools/bench.sh

docs:   ## the documentation, into docs/_build/html
	@tools/docs.sh

clean:  ## remove what the other targets made here, but for aibasic.conf
	@tools/clean.sh
