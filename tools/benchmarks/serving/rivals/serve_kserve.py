"""KServe's Python server over ONNX Runtime: python serve_kserve.py MODEL.onnx --http_port N --grpc_port N."""
import argparse
import sys

import onnxruntime
from kserve import InferOutput, InferResponse, Model, ModelServer, model_server


class Trees(Model):
    def __init__(self, path):
        super().__init__("trees")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options)
        self.columns = [each.name for each in self.session.get_inputs()]
        self.ready = True

    def predict(self, payload, headers=None, response_headers=None):
        rows = payload.inputs[0].as_numpy()
        feeds = {name: rows[:, i : i + 1].astype("float64") for i, name in enumerate(self.columns)}
        (answer,) = self.session.run(["probability"], feeds)
        output = InferOutput(name="probability", shape=list(answer.shape), datatype="FP64")
        output.set_data_from_numpy(answer, binary_data=True)
        return InferResponse(response_id=payload.id or "1", model_name="trees", infer_outputs=[output])


if __name__ == "__main__":
    path = sys.argv.pop(1)
    arguments, _ = argparse.ArgumentParser(parents=[model_server.parser]).parse_known_args()
    ModelServer(http_port=arguments.http_port, grpc_port=arguments.grpc_port, enable_grpc=True).start([Trees(path)])
