"""`openkap assess`: what a protocol says of facts in a file. Nothing is stored, and no database is asked."""
