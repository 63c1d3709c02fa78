import { errors } from '@steward/kernel';
import { allocator, type Kernel, type KernelFunctions, type MatrixFunctions } from './kernel';
import { kernelWasm } from './kernel-wasm';

/** The part of the WebAssembly interface used here: the compiler's library for Node has none. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const PAGE = 65536;
const MOST_PAGES = 65536;
let compiled: object | undefined;

/** The kernel in WebAssembly with SIMD. Throws LEARNING.DATA_TOO_LARGE past 4 GiB. */
export function createWasmKernel(bytes: number): Kernel {
  const pages = Math.ceil((bytes + 16) / PAGE);
  if (pages > MOST_PAGES) {
    throw errors.limit(
      'LEARNING.DATA_TOO_LARGE',
      'The training needs more than 4 GiB; use fewer rows, features or leaves.',
      {
        details: { bytes },
      },
    );
  }
  compiled ??= new WebAssembly.Module(Buffer.from(kernelWasm, 'base64'));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  const functions = instance.exports as KernelFunctions & MatrixFunctions;
  return { ...functions, buffer: memory.buffer, alloc: allocator(pages * PAGE) };
}
