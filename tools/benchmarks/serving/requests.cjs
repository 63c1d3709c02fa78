/** The one-row requests that all servers are asked with, and those with many rows. */
const { ModelInferRequest } = require('@steward/contracts/generated/open_inference/open_inference');

const FEATURES = 20;
const MODEL = 'lending.trees';

const values = (rows) => Float64Array.from({ length: rows * FEATURES }, (_, i) => ((i * 7919) % 1000) / 1000);
const bytes = (numbers) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
const request = (inputs, rawInputContents, modelName = MODEL) => ({
  modelName,
  modelVersion: '',
  id: '',
  parameters: {},
  inputs: inputs.map((input) => ({ parameters: {}, contents: undefined, ...input })),
  outputs: [],
  rawInputContents,
});

/** One tensor [rows, features] of doubles, raw: what tritonclient sends for a numpy array. */
const tensorRequest = (rows, modelName) =>
  Buffer.from(
    ModelInferRequest.encode(
      request(
        [{ name: 'input', datatype: 'FP64', shape: [rows, FEATURES] }],
        [bytes(values(rows))],
        modelName,
      ),
    ).finish(),
  );

/** One raw input [rows, 1] per column. */
const columnsRequest = (rows) => {
  const all = values(rows);
  const names = Array.from({ length: FEATURES }, (_, i) => `x${i}`);
  const columns = names.map((_, column) =>
    bytes(Float64Array.from({ length: rows }, (_row, row) => all[row * FEATURES + column])),
  );
  return Buffer.from(
    ModelInferRequest.encode(
      request(
        names.map((name) => ({ name, datatype: 'FP64', shape: [rows, 1] })),
        columns,
      ),
    ).finish(),
  );
};

/** REST: plain JSON, and Triton's binary extension. */
const jsonRequest = (rows, datatype = 'FP64', name = 'input') =>
  Buffer.from(
    JSON.stringify({ inputs: [{ name, datatype, shape: [rows, FEATURES], data: [...values(rows)] }] }),
  );
const binaryRequest = (rows) => {
  const binary = bytes(values(rows));
  const head = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: 'input',
          datatype: 'FP64',
          shape: [rows, FEATURES],
          parameters: { binary_data_size: binary.byteLength },
        },
      ],
      parameters: { binary_data_output: true },
    }),
  );
  return { body: Buffer.concat([head, binary]), headerLength: head.byteLength };
};

module.exports = { binaryRequest, columnsRequest, FEATURES, jsonRequest, MODEL, tensorRequest };
