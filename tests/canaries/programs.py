"""Programs that show a secret: each is a cell, in which `SECRET` stands for an expression that is the secret.

None of them takes the secret apart on purpose (`SECRET[::-1]`): who writes such a program has what it shows anyway.
"""

from __future__ import annotations

SHOWING = (
    "print(SECRET)",
    "print(repr(SECRET), ascii(SECRET), SECRET.encode())",
    "SECRET",
    "[{'password': SECRET}, (SECRET, 1)]",
    "{SECRET: 1, 'x': {SECRET}}",
    "import pprint\npprint.pprint({'a': {'b': [SECRET] * 3}}, width=30)",
    "import textwrap\nprint('\\n'.join(textwrap.wrap('the password is ' + SECRET + ' indeed', 20)))",
    "text = 'x' * 61 + SECRET\nprint('\\n'.join(text[at:at + 76] for at in range(0, len(text), 76)))",
    "import json\nprint(json.dumps({'a': SECRET}), json.dumps(json.dumps([SECRET]), ensure_ascii=False))",
    "from urllib.parse import quote, quote_plus\nprint(quote(SECRET), quote(SECRET, safe=''), quote_plus(SECRET))",
    "from urllib.parse import quote\nprint(f'postgresql://me:{quote(SECRET, safe=str())}@localhost/db')",
    "from base64 import b64encode\nprint(b64encode(SECRET.encode()), b64encode(b'me:' + SECRET.encode() + b'!'))",
    "import base64\nprint(base64.encodebytes(b'y' * 50 + SECRET.encode()).decode())",
    "print(SECRET.encode().hex())",
    "half = len(SECRET) // 2\nprint(SECRET[:half], end='', flush=True)\nprint(SECRET[half:])",
    "import sys\nfor c in SECRET:\n    sys.stdout.write(c)\n    sys.stdout.flush()",
    "import sys\nsys.stderr.write('warning: ' + SECRET + '\\n')",
    "import threading\nthread = threading.Thread(target=print, args=(SECRET,))\nthread.start()\nthread.join()",
    "import logging\nlogging.warning('login with %s', SECRET)",
    "import logging\ntry:\n    {}[SECRET]\nexcept KeyError:\n    logging.exception('no such thing')",
    "import warnings\nwarnings.warn(f'insecure: {SECRET}')",
    "import pandas as pd\npd.DataFrame({'who': ['me'], 'password': [SECRET]})",
    "import pandas as pd\npd.DataFrame({SECRET: [1, 2]}).describe()",
    "import pandas as pd\nprint(pd.Series([1], index=[SECRET]))",
    "from IPython.display import HTML\nimport html\nHTML('<b title=\"' + html.escape(SECRET) + '\">x</b>')",
    "from IPython.display import SVG\nimport html\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><text>'"
    " + html.escape(SECRET, quote=False) + '</text></svg>')",
    "class Shown:\n    def _repr_html_(self): return SECRET\n    def __repr__(self): return SECRET\nShown()",
    "class Held:\n    pass\nheld = Held()\nheld.password = SECRET\nprint(vars(held))",
    "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'import sys; print(sys.argv[1])', SECRET],"
    " capture_output=True, text=True).stdout)",
)
"""In any face."""
IN_A_KERNEL = (
    "import logging\nlogging.getLogger('ipykernel').warning('login with %s', SECRET)",
    "get_ipython().kernel.log.error('login with %s', SECRET)",
    "from IPython.display import JSON, Markdown, Latex, Javascript, display\n"
    "display(JSON({'a': [SECRET]}), Markdown(SECRET), Latex(SECRET), Javascript(repr(SECRET)))",
    "from IPython.display import display\nhandle = display('first', display_id=True)\nhandle.update(SECRET)",
    "from IPython.display import display\ndisplay({'text/plain': SECRET}, metadata={'note': SECRET}, raw=True)",
    "from comm import create_comm\ncomm = create_comm('canary', data={'value': SECRET})\ncomm.send({SECRET: [SECRET]})",
    "get_ipython().set_next_input(SECRET)",
    "PAGED = SECRET\n?PAGED",
)
FAILING = (
    "raise ValueError(SECRET)",
    "raise ValueError('cannot log in', {'password': SECRET})",
    "{'x': 1}[SECRET]",
    "int(SECRET + 'x')",
    "assert SECRET == 'y', SECRET",
    "try:\n    int(SECRET + 'x')\nexcept ValueError as error:\n    raise RuntimeError('login failed') from error",
    "class Refused(Exception):\n    def __str__(self): return f'refused for {SECRET}'\nraise Refused",
    "raise type('Wrong', (Exception,), {})(SECRET)",
    "open('/nowhere/' + SECRET.replace('/', '').replace(chr(0), ''))",
    "import json\njson.loads('{' + SECRET)",
    "exec('x = (\\n' + repr(SECRET) + ' 1')",
    "def login(password): return 1 / 0\nlogin(SECRET)",
    "error = ValueError('x')\nerror.add_note(SECRET)\nraise error",
    "raise ExceptionGroup('several', [ValueError(SECRET), KeyError(SECRET)])",
    "import sys\nsys.exit(SECRET)",
    "from aibasic.modules import PostgresModule\nPostgresModule.from_config(SECRET)",
)
LITERAL = (
    "password = LITERAL\npassword",
    "print(LITERAL",
    "x = 1 / 0, LITERAL",
    "# LITERAL\n1",
)
"""Cells in which the secret itself stands."""
MODEL = (
    "out = SECRET\nprint(out)",
    "raise ValueError('wrong password ' + SECRET)",
    "{}[SECRET]",
    "out = {SECRET: 1}",
    "int(SECRET + 'y')",
)
"""What a model answers."""
