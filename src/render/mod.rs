//! A digest as Slack blocks, Markdown, terminal text and JSON. Uses `domain` alone.
