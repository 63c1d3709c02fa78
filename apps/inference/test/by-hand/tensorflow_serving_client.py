"""By hand: the unmodified client package of TensorFlow Serving against a running Steward.

The package brings TensorFlow along (more than a gigabyte), so no test installs it:

    python3 -m venv tf && tf/bin/pip install tensorflow-serving-api
    STEWARD_GRPC=127.0.0.1:50051 STEWARD_KEY=stw_... tf/bin/python tensorflow_serving_client.py lending.iris 4

The model must take one tensor [rows, columns]; the second argument is its number of columns. It prints what Predict,
GetModelMetadata and GetModelStatus answered, and fails where an answer is not what TensorFlow Serving would say.
"""

import os
import sys

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

model, columns = sys.argv[1], int(sys.argv[2])
channel = grpc.insecure_channel(os.environ["STEWARD_GRPC"])
credential = [("authorization", "Bearer " + os.environ["STEWARD_KEY"])]
predictions = prediction_service_pb2_grpc.PredictionServiceStub(channel)
models = model_service_pb2_grpc.ModelServiceStub(channel)

rows = np.arange(3 * columns).reshape(3, columns)
answers = []
for dtype in (tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.int8, tf.uint16, tf.int32, tf.uint32, tf.int64, tf.uint64):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = model
    request.inputs["x"].CopyFrom(tf.make_tensor_proto(rows, dtype=dtype))
    answer = predictions.Predict(request, timeout=10, metadata=credential)
    answers.append(tf.make_ndarray(answer.outputs["probability"]))
    assert answers[-1].shape == (3, 2) and np.array_equal(answers[-1], answers[0]), dtype
    assert answer.model_spec.version.value >= 1
print("Predict", answers[0].tolist(), [text.decode() for text in tf.make_ndarray(answer.outputs["label"])])

request = get_model_metadata_pb2.GetModelMetadataRequest()
request.model_spec.name = model
request.model_spec.version_label = "champion"
request.metadata_field.append("signature_def")
metadata = predictions.GetModelMetadata(request, timeout=10, metadata=credential)
signatures = get_model_metadata_pb2.SignatureDefMap()
assert metadata.metadata["signature_def"].Unpack(signatures)
assert len(signatures.signature_def["serving_default"].inputs) == columns
print("GetModelMetadata", sorted(signatures.signature_def))

request = get_model_status_pb2.GetModelStatusRequest()
request.model_spec.name = model
status = models.GetModelStatus(request, timeout=10, metadata=credential)
assert status.model_version_status[-1].state == get_model_status_pb2.ModelVersionStatus.AVAILABLE
print("GetModelStatus", [(each.version, each.state) for each in status.model_version_status])

try:
    request.model_spec.version.value = 4711
    models.GetModelStatus(request, timeout=10, metadata=credential)
    raise SystemExit("A version that is not served was found.")
except grpc.RpcError as error:
    assert error.code() == grpc.StatusCode.NOT_FOUND
    print("NOT_FOUND", error.details())
