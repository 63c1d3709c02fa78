"""Makes the table `reference/deltalake-table` that libs/delta's tests read: three commits by delta-rs, one of which
removes files. Run in a virtual environment with `pip install deltalake pyarrow` and this folder as working folder."""

import shutil
from datetime import datetime, timezone

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

PATH = "deltalake-table"
SCHEMA = pa.schema(
    [
        pa.field("name", pa.string()),
        pa.field("amount", pa.float64()),
        pa.field("count", pa.int64()),
        pa.field("ok", pa.bool_()),
        pa.field("at", pa.timestamp("us", tz="UTC")),
    ]
)


def rows(*values):
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row)) for row in values], schema=SCHEMA)


shutil.rmtree(PATH, ignore_errors=True)
at = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=timezone.utc)
write_deltalake(PATH, rows(("a", 1.5, 1, True, at), ("b", None, 2**53 - 1, False, None)))
write_deltalake(PATH, rows(("c", -0.25, None, None, at)), mode="append")
DeltaTable(PATH).delete("name = 'a'")
