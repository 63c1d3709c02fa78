"""Every call of the unmodified clients of Triton that Steward serves, over gRPC and REST, with every datatype."""

import json
import os

import ml_dtypes
import numpy as np
import tritonclient.grpc
import tritonclient.http
from tritonclient.utils import InferenceServerException

MODEL = "lending.iris"
key = {"authorization": "Bearer " + os.environ["STEWARD_KEY"]}
engineer = {"authorization": os.environ["STEWARD_ENGINEER"]}
rows = np.array([[5, 3, 1, 0], [6, 2, 4, 1]])
TYPES = {
    "BOOL": np.bool_, "UINT8": np.uint8, "UINT16": np.uint16, "UINT32": np.uint32, "UINT64": np.uint64,
    "INT8": np.int8, "INT16": np.int16, "INT32": np.int32, "INT64": np.int64,
    "FP16": np.float16, "BF16": ml_dtypes.bfloat16, "FP32": np.float32, "FP64": np.float64,
}
answers = {}
for name, module, address in (
    ("grpc", tritonclient.grpc, os.environ["STEWARD_GRPC"]),
    ("http", tritonclient.http, os.environ["STEWARD_HTTP"].removeprefix("http://")),
):
    client = module.InferenceServerClient(address)
    assert client.is_server_live() and client.is_server_ready()
    as_dict = {} if name == "http" else {"as_json": True}
    assert client.get_server_metadata(**as_dict)["name"] == "steward"
    assert client.is_model_ready(MODEL, headers=key) and client.is_model_ready(MODEL, "1", headers=key)
    assert not client.is_model_ready(MODEL, "9", headers=key)
    metadata = client.get_model_metadata(MODEL, headers=key, **as_dict)
    assert [each["name"] for each in metadata["inputs"]][0] == "sepal_length" and metadata["versions"] == ["1"]
    got = {}
    for datatype, dtype in TYPES.items():
        tensor = module.InferInput("x", [2, 4], datatype)
        tensor.set_data_from_numpy(rows.astype(dtype))
        answer = client.infer(MODEL, [tensor], headers=key, request_id="r-1", model_version="1",
                              outputs=[module.InferRequestedOutput("probability"), module.InferRequestedOutput("label")])
        got[datatype] = answer.as_numpy("probability").tolist()
        assert answer.as_numpy("label").shape == (2,)
    assert all(got[each] == got["FP64"] for each in TYPES if each != "BOOL"), got
    answers[name] = got
    index = client.get_model_repository_index(headers=key, **as_dict)
    models = index if name == "http" else index["models"]
    assert {"name": MODEL, "version": "1", "state": "READY"}.items() <= [m for m in models if m["name"] == MODEL][0].items()
    client.unload_model(MODEL, headers=engineer)
    assert not client.is_model_ready(MODEL, headers=key)
    try:
        client.infer(MODEL, [tensor], headers=key)
        raise SystemExit("An unloaded model answered.")
    except InferenceServerException as error:
        assert "taken out of service" in error.message(), error
    client.load_model(MODEL, headers=engineer)
    assert client.is_model_ready(MODEL, headers=key)
    try:
        client.load_model(MODEL, headers=engineer, config=json.dumps({"max_batch_size": 7}))
        raise SystemExit("A configuration was taken.")
    except InferenceServerException as error:
        assert "training and approval" in error.message(), error
    statistics = client.get_inference_statistics(MODEL, headers=key, **as_dict)["model_stats"][0]
    assert int(statistics["inference_count"]) >= 2 * len(TYPES), statistics
assert answers["grpc"] == answers["http"]
print(answers["grpc"]["FP64"])
