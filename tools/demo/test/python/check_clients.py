"""Other systems' own clients on a platform that has just run the demo. Prints one line of JSON at the end."""

import csv
import json
import os
import sys
import urllib.request

import numpy as np
import onnx
import onnxruntime
import tritonclient.grpc as triton_grpc
import tritonclient.http as triton_http
from deltalake import DeltaTable

summary = json.load(open(sys.argv[1], encoding="utf-8"))
project = summary["project"]
number = project.rsplit("-", 1)[1]
entry = os.environ["STEWARD_URL"]
examples = os.path.join(os.path.dirname(__file__), "..", "..", "..", "..", "examples", "lending", "data")


def call(method, path, token=None, body=None):
    request = urllib.request.Request(entry + path, method=method)
    request.add_header("content-type", "application/json")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(request, data) as answer:
        content = answer.read()
    return content


def login(user, password):
    return json.loads(call("POST", "/governance/v1/login", body={"user": user, "password": password}))["token"]


# Dataset versions: rows, schema, history.
for version in summary["datasetVersions"]:
    table = DeltaTable(version["deltaUrl"], version=version["deltaVersion"])
    arrow = table.to_pyarrow_table() if hasattr(table, "to_pyarrow_table") else table.to_pyarrow_dataset().to_table()
    assert arrow.num_rows == version["rows"], (arrow.num_rows, version)
    for column in ("deny", "pirat", "single", "afam"):
        assert column in arrow.column_names, arrow.column_names
last = summary["datasetVersions"][-1]
history = DeltaTable(last["deltaUrl"]).history()
assert len(history) >= len(summary["datasetVersions"]), history
first = summary["datasetVersions"][0]
frame = DeltaTable(first["deltaUrl"], version=first["deltaVersion"]).to_pandas()
source = list(csv.DictReader(open(os.path.join(examples, "initial.csv"), encoding="utf-8", newline="")))
assert abs(frame["pirat"].sum() - sum(float(row["pirat"]) for row in source[:1200])) < 1e-9

# The champion's file.
engineer = login(f"engineer-{number}", "engineer-correct-horse-battery-staple")
served = summary["retrained"]["version"] if summary.get("retrained") else 1
model = call("GET", f"/training/v1/projects/{project}/models/approval/versions/{served}/onnx", engineer)
onnx.checker.check_model(onnx.load_from_string(model), full_check=True)

rows = list(csv.DictReader(open(os.path.join(examples, "calm.csv"), encoding="utf-8", newline="")))[:50]
numbers = ["pirat", "hirat", "lvrat", "chist", "mhist", "unemp"]
texts = ["phist", "selfemp", "insurance", "condomin", "single", "hschool"]
columns = {name: np.array([[float(row[name])] for row in rows], dtype=np.float64) for name in numbers}
columns.update({name: np.array([[row[name]] for row in rows], dtype=object) for name in texts})
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
names = [value.name for value in session.get_inputs()]
expected = session.run(["probability"], {name: columns[name] for name in names})[0][:, 1]

# Predictions over both transports, with an unmodified client.
administrator = login("administrator", os.environ["STEWARD_PASSWORD"])
machine = json.loads(call("POST", "/governance/v1/machines", administrator, {"name": "triton", "roles": [{"role": "service", "project": project}]}))
key = json.loads(call("POST", "/governance/v1/api-keys", administrator, {"principalId": machine["id"], "project": project}))["secret"]
headers = {"authorization": f"Bearer {key}"}


def inputs(client):
    made = []
    for name, values in columns.items():
        tensor = client.InferInput(name, list(values.shape), "FP64" if values.dtype == np.float64 else "BYTES")
        tensor.set_data_from_numpy(values)
        made.append(tensor)
    return made


def infer(client, connection):
    import time

    for _ in range(50):
        try:
            return connection.infer(f"{project}.approval", inputs(client), headers=headers)
        except Exception as error:  # The new key reaches inference by event.
            if "UNAUTHENTICATED" not in str(error) and "401" not in str(error) and "key" not in str(error):
                raise
            time.sleep(0.2)
    raise AssertionError("the key did not reach inference")


grpc = triton_grpc.InferenceServerClient(os.environ["STEWARD_GRPC"])
assert grpc.is_server_live() and grpc.is_server_ready()
answer = infer(triton_grpc, grpc)
np.testing.assert_allclose(answer.as_numpy("probability")[:, 1], expected, atol=1e-6)
assert answer.as_numpy("label").shape == (50,)
assert grpc.get_model_metadata(f"{project}.approval", headers=headers).name == f"{project}.approval"

http = triton_http.InferenceServerClient(os.environ["STEWARD_HTTP"])
assert http.is_server_live()
answer = infer(triton_http, http)
np.testing.assert_allclose(answer.as_numpy("probability")[:, 1], expected, atol=1e-6)

print(json.dumps({"delta": True, "onnx": True, "runtime": True, "tritonGrpc": True, "tritonHttp": True}))
