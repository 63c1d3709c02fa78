import { Injectable } from '@nestjs/common';
import { EngineFactory, type Engine, type EngineModel } from './engine';
import { ModelReader } from './model-reader';
import { OnnxRuntimeEngine } from './onnx-runtime-engine';
import { RuntimeThreads } from './runtime-threads';
import { ScorerEngine } from './scorer-engine';

/** The compiled scorer where it understands the graph as a whole, else ONNX Runtime, which says what is wrong with it. */
@Injectable()
export class ChoosingEngineFactory extends EngineFactory {
  constructor(
    private readonly reader: ModelReader,
    private readonly threads: RuntimeThreads,
  ) {
    super();
  }

  async load(onnx: Uint8Array, model: EngineModel): Promise<Engine> {
    const pipeline = await this.reader.read(onnx);
    const scorer = pipeline && ScorerEngine.from(pipeline, model);
    return scorer ?? (await OnnxRuntimeEngine.open(onnx, model, this.threads));
  }
}
