"""Apache Kafka: `[kafka]` in aibasic.conf, `kafka` in programs. The driver is the top-level package `kafka`."""
