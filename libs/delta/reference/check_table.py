"""Opens a table that libs/delta wrote with delta-rs and compares rows, schema and history with what the writer says.
Usage: check_table.py FOLDER EXPECTED.json, made by write-table.js. Exits 1 on the first difference."""

import json
import sys

from deltalake import DeltaTable

folder, expected_file = sys.argv[1:3]
expected = json.load(open(expected_file))
for version in expected["versions"]:
    table = DeltaTable(folder, version=version["version"])
    fields = [[f["name"], f["type"], f["nullable"]] for f in json.loads(table.schema().to_json())["fields"]]
    assert fields == version["schema"], (fields, version["schema"])
    found = table.to_pyarrow_table()
    key = expected["orderBy"]
    found = found.sort_by([(k, "ascending") for k in key])
    columns = {}
    for name in found.column_names:
        column = found.column(name)
        if str(column.type).startswith("timestamp"):
            assert str(column.type) == "timestamp[us, tz=UTC]", column.type
            column = column.cast("int64")
            columns[name] = [None if v is None else v // 1000 for v in column.to_pylist()]
        else:
            columns[name] = column.to_pylist()
    assert columns == version["columns"], f"rows of version {version['version']} differ"
history = DeltaTable(folder).history()
assert [h["version"] for h in history] == list(range(len(expected["versions"])))[::-1], history
assert all(h["operation"] == "WRITE" for h in history)
assert [h["steward"] for h in history][::-1] == [v["info"] for v in expected["versions"]], history
for app_id, version in expected["transactions"].items():
    assert DeltaTable(folder).transaction_version(app_id) == version
stats = DeltaTable(folder).get_add_actions(flatten=True)
print(f"delta-rs agrees on {len(expected['versions'])} versions of {folder}; {stats.num_rows} files")
