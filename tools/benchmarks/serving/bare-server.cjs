/**
 * The limit: a bare grpc-js server that decodes ModelInfer with the same generated code and answers a constant.
 * Says its port over IPC.
 */
const { Server, ServerCredentials } = require('@grpc/grpc-js');
const { GRPCInferenceServiceService } = require('@steward/contracts/generated/open_inference/open_inference');

const text = (stringParam) => ({ parameterChoice: { $case: 'stringParam', stringParam } });
/** What Steward answers to the same request. */
const answer = {
  modelName: 'lending.trees',
  modelVersion: '1',
  id: '',
  parameters: {
    prediction_id: text('01890000-0000-7000-8000-000000000000'),
    prediction_log: text('buffered'),
  },
  outputs: [
    { name: 'label', datatype: 'BYTES', shape: [1], parameters: {}, contents: undefined },
    { name: 'probability', datatype: 'FP64', shape: [1, 2], parameters: {}, contents: undefined },
  ],
  rawOutputContents: [Buffer.from([2, 0, 0, 0, 110, 111]), Buffer.from(Float64Array.of(0.7, 0.3).buffer)],
};

const server = new Server({ 'grpc.max_concurrent_streams': 1_000 });
server.addService(
  { modelInfer: GRPCInferenceServiceService.modelInfer },
  { modelInfer: (_call, respond) => respond(null, answer) },
);
server.bindAsync(process.env.BARE_ADDRESS, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
  process.send('ready');
});
process.on('disconnect', () => process.exit(0));
