import { encodeOnnx } from '../format/encode-onnx';
import type { OnnxAttribute } from '../format/onnx-model';
import { Random } from './random-pipeline.factory';

export interface PlainOptions {
  readonly seed: number;
  readonly operator: 'TreeEnsembleRegressor' | 'TreeEnsembleClassifier';
  readonly type: 'float' | 'double';
  readonly classes?: number;
  /** Weights for one class only. */
  readonly single?: boolean;
  readonly positive?: boolean;
  readonly transform?: string;
  readonly aggregate?: string;
  readonly base?: boolean;
  readonly modes?: readonly string[];
  readonly trees?: number;
  readonly features?: number;
}

export const FEW_VALUES = [0, -0, 1, -1, 0.1, 0.5, 1e-40, 1e30, 52_000.1, 3.25];

/** A model of one tree ensemble operator as other tools write it: random nodes, all modes, missing directions. */
export function plainEnsemble(options: PlainOptions): Uint8Array {
  const lists = new Lists(options, new Random(options.seed));
  for (let tree = 0; tree < (options.trees ?? 10); tree++) lists.grow(tree, 4);
  const width = options.features ?? 4;
  const regressor = options.operator === 'TreeEnsembleRegressor';
  return encodeOnnx({
    irVersion: 8,
    opsets: [
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    producerName: 'test',
    producerVersion: '',
    metadata: [],
    graph: {
      name: 'g',
      initializers: [],
      nodes: [
        {
          opType: options.operator,
          domain: 'ai.onnx.ml',
          name: '',
          inputs: ['X'],
          outputs: regressor ? ['Y'] : ['L', 'Y'],
          attributes: lists.attributes(),
        },
      ],
      inputs: [{ name: 'X', type: options.type, dims: ['N', width], doc: '' }],
      outputs: [
        ...(regressor ? [] : [{ name: 'L', type: 'int64' as const, dims: ['N'], doc: '' }]),
        { name: 'Y', type: 'float', dims: ['N', regressor ? 1 : (options.classes ?? 2)], doc: '' },
      ],
    },
  });
}

class Lists {
  private readonly ints: Record<string, number[]> = {};
  private readonly modes: string[] = [];
  private readonly values: number[] = [];
  private readonly weights: number[] = [];
  private next = 0;

  constructor(
    private readonly options: PlainOptions,
    private readonly random: Random,
  ) {}

  private push(name: string, value: number): void {
    (this.ints[name] ??= []).push(value);
  }

  grow(tree: number, depth: number): void {
    this.next = 0;
    this.node(tree, depth);
  }

  private node(tree: number, depth: number): number {
    const { random, options } = this;
    const id = this.next++;
    const leaf = depth === 0 || random.next() < 0.15;
    this.push('nodes_treeids', tree);
    this.push('nodes_nodeids', id);
    this.push('nodes_featureids', leaf ? 0 : random.int(options.features ?? 4));
    this.push('nodes_missing_value_tracks_true', leaf ? 0 : random.int(2));
    this.modes.push(leaf ? 'LEAF' : random.pick(options.modes ?? ['BRANCH_LEQ']));
    this.values.push(leaf ? 0 : random.pick([...FEW_VALUES, random.next()]));
    const place = this.modes.length - 1;
    this.push('nodes_truenodeids', 0);
    this.push('nodes_falsenodeids', 0);
    if (leaf) this.leaf(tree, id);
    else {
      this.ints['nodes_truenodeids']![place] = this.node(tree, depth - 1);
      this.ints['nodes_falsenodeids']![place] = this.node(tree, depth - 1);
    }
    return id;
  }

  private leaf(tree: number, id: number): void {
    const { random, options } = this;
    const of = options.operator === 'TreeEnsembleRegressor' ? 'target' : 'class';
    const outputs = of === 'target' || options.single ? 1 : (options.classes ?? 2);
    for (let k = 0; k < outputs; k++) {
      this.push(`${of}_treeids`, tree);
      this.push(`${of}_nodeids`, id);
      this.push(`${of}_ids`, k);
      this.weights.push(Math.fround(options.positive ? random.next() / 10 : random.next() - 0.5));
    }
  }

  attributes(): OnnxAttribute[] {
    const { operator, type, transform, aggregate, base, single } = this.options;
    const regressor = operator === 'TreeEnsembleRegressor';
    const classes = this.options.classes ?? 2;
    const outputs = regressor || single ? 1 : classes;
    const numbers = (name: string, list: number[]): OnnxAttribute =>
      type === 'float'
        ? { name, kind: 'floats', value: list.map(Math.fround) }
        : {
            name: `${name}_as_tensor`,
            kind: 'tensor',
            value: { name: '', type: 'double', dims: [list.length], values: Float64Array.from(list) },
          };
    return [
      ...Object.entries(this.ints).map(([name, value]): OnnxAttribute => ({ name, kind: 'ints', value })),
      { name: 'nodes_modes', kind: 'strings', value: this.modes },
      numbers('nodes_values', this.values),
      numbers(`${regressor ? 'target' : 'class'}_weights`, this.weights),
      ...(regressor
        ? [{ name: 'n_targets', kind: 'int', value: 1 } as const]
        : [{ name: 'classlabels_int64s', kind: 'ints', value: [...Array(classes).keys()] } as const]),
      ...(transform ? [{ name: 'post_transform', kind: 'string', value: transform } as const] : []),
      ...(aggregate ? [{ name: 'aggregate_function', kind: 'string', value: aggregate } as const] : []),
      ...(base
        ? [
            numbers(
              'base_values',
              Array.from({ length: outputs }, (_, k) => 0.25 - k / 8),
            ),
          ]
        : []),
    ];
  }
}
