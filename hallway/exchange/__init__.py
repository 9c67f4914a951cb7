"""Reading and writing other tools' formats, one module a format.

The pure half (no database) turns a file's bytes into one neutral `Programme` and a `Programme` into bytes:
a reader is lenient and reports every loss or doubt as a `Finding`, a writer is strict and lists what its
format cannot hold in `LOSSES`. The other half stores a `Programme` as an event with its sessions, slots and
people, with a dry run and an undo, and offers the exports.
"""
