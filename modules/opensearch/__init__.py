"""OpenSearch: `[opensearch]` in aibasic.conf, `os_client` in programs."""
