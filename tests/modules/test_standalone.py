"""`aibasic.modules` needs the standard library and the driver, nothing of the engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg2

from tests.servers.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
sys.path[:0] = sys.argv[1:2]
from aibasic.modules import PostgresModule
early = sorted(name for name in sys.modules if name.partition(".")[0] in ("psycopg2", "pandas", "numpy", "tqdm"))
pg = PostgresModule.from_config(sys.argv[2])
print(early, list(pg.execute_query("SELECT 1")), "aibasic_kernel" in sys.modules)
"""


def test_a_program_runs_with_nothing_but_the_modules_and_the_driver(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    (tmp_path / "site" / "aibasic").mkdir(parents=True)
    (tmp_path / "site" / "aibasic" / "modules").symlink_to(ROOT / "modules")
    driver = Path(psycopg2.__file__).parent
    for name in (driver.name, f"{driver.name}_binary.libs"):
        if (driver.parent / name).exists():
            (tmp_path / "site" / name).symlink_to(driver.parent / name)
    (tmp_path / "aibasic.conf").write_text(postgres_server.conf())
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROGRAM, str(tmp_path / "site"), str(tmp_path / "aibasic.conf")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stderr, done.stdout) == ("", "[] [(1,)] False\n")
