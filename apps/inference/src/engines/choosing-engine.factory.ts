import { Injectable } from '@nestjs/common';
import { EngineFactory, type Engine, type EngineModel } from './engine';
import { OnnxRuntimeEngine } from './onnx-runtime-engine';
import { RuntimeThreads } from './runtime-threads';
import { ScorerEngine } from './scorer-engine';

/** The compiled scorer where it understands the graph as a whole, else ONNX Runtime, which says what is wrong with it. */
@Injectable()
export class ChoosingEngineFactory extends EngineFactory {
  constructor(private readonly threads: RuntimeThreads) {
    super();
  }

  async load(onnx: Uint8Array, model: EngineModel): Promise<Engine> {
    return ScorerEngine.from(onnx, model) ?? (await OnnxRuntimeEngine.open(onnx, model, this.threads));
  }
}
