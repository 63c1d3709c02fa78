import { faultsAtLines } from './definition-faults';

const PLAN = `sticky: subject
canary:
  steps:
    - 5
    - 200
  gates:
    errors: { tolerance: 2 }
`;

it('puts each fault at the line of its field', () => {
  const faults = [
    { field: 'canary.gates.errors.tolerance', message: 'too big' },
    { field: 'canary.steps.1', message: 'too big' },
  ];
  expect(faultsAtLines(PLAN, faults).map(({ line }) => line)).toEqual([5, 7]);
});

it('puts what is missing at the nearest part around it, and what concerns the whole nowhere', () => {
  const [whole, missing] = faultsAtLines(PLAN, [
    { field: 'canary.gates.errors.margin.deep', message: 'missing' },
    { field: '', message: 'unrecognised key' },
  ]);
  expect(whole).toMatchObject({ message: 'unrecognised key', line: null });
  expect(missing).toMatchObject({ message: 'missing', line: 7 });
});

it('names the line of what is no YAML', () => {
  const [first] = faultsAtLines('a: 1\nb: [1, 2\nc: 3\n', []);
  expect(first!.line).toBeGreaterThanOrEqual(2);
  expect(first!.message).not.toBe('');
});

it('takes JSON', () => {
  expect(faultsAtLines('{\n  "a": {\n    "b": 1\n  }\n}', [{ field: 'a.b', message: 'no' }])).toEqual([
    { field: 'a.b', message: 'no', line: 3 },
  ]);
});
