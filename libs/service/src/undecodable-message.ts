import type { MethodDefinition } from '@grpc/grpc-js';
import { AppError, errors } from '@steward/kernel';

/**
 * Stands in for a request message that cannot be decoded, so that its caller is told INVALID_ARGUMENT; grpc-js by itself
 * says INTERNAL, as if the service had failed. Methods of one request never see it; where the client streams, it is
 * among the messages, and throwing {@link error} ends the call.
 */
export class UndecodableMessage {
  constructor(readonly error: AppError) {}
}

/** The definition whose messages that cannot be decoded become {@link UndecodableMessage}. */
export function tolerant<Definition extends MethodDefinition<unknown, unknown>>(
  definition: Definition,
): Definition {
  return {
    ...definition,
    requestDeserialize: (bytes: Buffer): unknown => {
      try {
        return definition.requestDeserialize(bytes);
      } catch (error) {
        return new UndecodableMessage(
          AppError.is(error)
            ? error
            : errors.invalid(
                'RPC.MESSAGE_INVALID',
                `The message is not a request of ${definition.path}: ${error instanceof Error ? error.message : 'it cannot be decoded'}.`,
              ),
        );
      }
    },
  };
}
