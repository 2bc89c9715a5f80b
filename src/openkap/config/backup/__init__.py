"""Backup, restore and drill: what a clinic keeps of itself outside its machine, and how it comes back.

Files, from pure to outer: `plan` (names, gaps, retention, age), `sealing` (age encryption), `folder` (keys
and checkpoints), `base` (the cluster), `log` (the write-ahead log, sent as it is written), `dump` (a
PostgreSQL of the clinic's own), `state` and `watch` (how old, who is told), `wanted`, `restore`, `drill`,
`verbs` (the command).
"""
