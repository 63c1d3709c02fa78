import { AppError, errors } from '@steward/kernel';
import { Transform, type TransformCallback } from 'node:stream';

/** What is said of bytes that are too many. */
export function tooLarge(maxBytes: number): AppError {
  return errors.limit('ARTIFACT.TOO_LARGE', `The content is larger than ${maxBytes} bytes.`, {
    details: { maxBytes },
  });
}

/** Passes bytes through, shows each chunk to `see`, and fails with ARTIFACT.TOO_LARGE once there are too many. */
export class ByteBound extends Transform {
  size = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly see: (chunk: Buffer) => void = () => undefined,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) {
      done(tooLarge(this.maxBytes));
      return;
    }
    this.see(chunk);
    done(null, chunk);
  }
}
