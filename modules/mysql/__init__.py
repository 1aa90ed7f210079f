"""MySQL and MariaDB: `[mysql]` in aibasic.conf, `mysql` in programs."""
