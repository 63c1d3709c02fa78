import { Controller, Param, Post, Req } from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { AppError, errors } from '@steward/kernel';
import { parseInput, ZodQuery } from '@steward/service';
import type { Request } from 'express';
import { z } from 'zod';
import type { ModelVersion } from '../registry/model-version';
import { ImportModel } from './import-model';
import { ImportSignature } from './import-signature';

const MOST_MODEL_BYTES = 256 * 1024 * 1024;
const MOST_SIGNATURE_BYTES = 512 * 1024;
const Head = z.object({
  /** Bytes of the JSON signature in front of the file. */
  signatureLength: z.coerce.number().int().min(2).max(MOST_SIGNATURE_BYTES),
});

@ApiTags('Models')
@Controller('v1/projects/:project/models/:model/imports')
export class ImportsController {
  constructor(private readonly imports: ImportModel) {}

  @Post()
  @Can('create', 'Model')
  @ApiConsumes('application/octet-stream')
  @ApiOperation({
    summary: 'Bring a model as ONNX: the body is the signature as JSON, and the file behind it',
  })
  async import(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('model') model: string,
    @ZodQuery(Head) head: z.output<typeof Head>,
    @Req() request: Request,
  ): Promise<ModelVersion> {
    const size = head.signatureLength;
    const body = await readAll(request, size + MOST_MODEL_BYTES);
    const signature = parseInput(ImportSignature, jsonOf(body.subarray(0, size)), 'body');
    return await this.imports.execute(caller, { project, model }, signature, body.subarray(size));
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw errors.invalid('TRAINING.SIGNATURE_INVALID', 'The signature in front of the file is not JSON.');
  }
}

async function readAll(request: Request, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.byteLength;
      if (size > limit) {
        throw errors.limit('TRAINING.MODEL_TOO_LARGE', `A model has ${MOST_MODEL_BYTES} bytes at most.`);
      }
      parts.push(part);
    }
  } catch (error) {
    if (AppError.is(error)) throw error;
    throw errors.invalid('TRAINING.BODY_ABORTED', 'The body ended before its length.');
  }
  return Buffer.concat(parts);
}
