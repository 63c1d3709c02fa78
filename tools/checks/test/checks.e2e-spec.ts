import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const COPIED = ['apps', 'libs', 'tools', 'proto', 'buf.yaml', 'package-lock.json'];

/** A copy of the sources in which a test may break something; `npm run check` runs the same commands on the real tree. */
function copyOfTheHouse(): string {
  const copy = mkdtempSync(join(tmpdir(), 'steward-checks-'));
  for (const name of COPIED) {
    cpSync(join(ROOT, name), join(copy, name), {
      recursive: true,
      filter: (source) => !/\/(node_modules|dist|\.nx|\.venv)$/.test(source),
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function houseRules(root: string): { status: number | null; output: string } {
  const result = spawnSync(process.execPath, [join(ROOT, 'tools', 'checks', 'run.mjs'), '--root', root], {
    encoding: 'utf8',
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

function bufBreaking(root: string): { status: number | null; output: string } {
  const buf = join(ROOT, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf');
  const result = spawnSync(process.execPath, [buf, 'breaking', '--against', 'proto/baseline.binpb'], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

describe('npm run check', () => {
  let house: string;

  beforeAll(() => {
    house = copyOfTheHouse();
  });

  afterAll(() => rmSync(house, { recursive: true, force: true }));

  /** Plants text in a file of the copy, runs the check, and takes it out again. */
  function planted(
    file: string,
    text: string,
    check = houseRules,
  ): { status: number | null; output: string } {
    const path = join(house, file);
    let before: string | null = null;
    try {
      before = readFileSync(path, 'utf8');
    } catch {
      mkdirSync(join(path, '..'), { recursive: true });
    }
    appendFileSync(path, text);
    try {
      return check(house);
    } finally {
      if (before === null) rmSync(path);
      else writeFileSync(path, before);
    }
  }

  it('passes as it stands', () => {
    expect(houseRules(house)).toMatchObject({ status: 0 });
    expect(bufBreaking(house)).toMatchObject({ status: 0 });
  });

  it('refuses a route without an access decision', () => {
    const result = planted(
      'apps/training/src/planted/planted.controller.ts',
      "import { Controller, Get } from '@nestjs/common';\n\n@Controller('v1/planted')\nexport class PlantedController {\n  @Get('open')\n  open(): string {\n    return '';\n  }\n}\n",
    );
    expect(result.status).toBe(1);
    expect(result.output).toContain('planted.controller.ts open has no access decision');
  });

  it('refuses an RPC without an access decision', () => {
    const result = planted(
      'apps/training/src/planted/planted.rpc.ts',
      "import { RpcService } from '@steward/service';\n\nexport class PlantedRpc extends RpcService {\n  readonly definition = {};\n\n  async open(request: object): Promise<object> {\n    return request;\n  }\n}\n",
    );
    expect(result.status).toBe(1);
    expect(result.output).toContain('planted.rpc.ts open has no access decision');
  });

  it.each([
    [
      'an app that imports another app',
      'apps/monitoring/src/planted/planted.ts',
      "import '@steward/training';\n",
    ],
    [
      'a science library that imports a platform library',
      'libs/statistics/src/planted.ts',
      "import '@steward/messaging';\n",
    ],
    [
      'a domain file that imports a driver',
      'apps/training/src/planted/planted.ts',
      "import { Pool } from 'pg';\n",
    ],
    [
      'a controller that imports an adapter',
      'apps/training/src/planted/planted.controller.ts',
      "import { X } from './pg-x.repository';\n",
    ],
    [
      'a relative path out of a project',
      'apps/training/src/planted/planted.ts',
      "import '../../../monitoring/src/main';\n",
    ],
  ])('refuses %s', (_, file, text) => {
    const result = planted(file, text);
    expect(result.status).toBe(1);
    expect(result.output).toContain(file);
  });

  it('refuses an event outside the registry', () => {
    const elsewhere = planted('apps/training/src/planted/planted.ts', 'export const X = defineEvent();\n');
    expect(elsewhere).toMatchObject({ status: 1 });
    expect(elsewhere.output).toContain('libs/contracts holds the only list');
    const unlisted = planted(
      'libs/contracts/src/events/training.ts',
      'export const Forgotten = defineEvent();\n',
    );
    expect(unlisted).toMatchObject({ status: 1 });
    expect(unlisted.output).toContain('Forgotten is not in libs/contracts/src/registry.ts');
  });

  it('refuses process.env outside of the config', () => {
    expect(
      planted('apps/training/src/planted/planted.ts', 'export const x = process.env.HOME;\n'),
    ).toMatchObject({ status: 1 });
  });

  it('refuses what a science library exports without a doc comment', () => {
    const bare = planted(
      'libs/learning/src/index.ts',
      "export type { ParameterRule } from './random/random';\nexport { Random } from './random/random';\n",
    );
    expect(bare).toMatchObject({ status: 1 });
    expect(bare.output).toContain('random.ts: ParameterRule is exported from the library without a doc');
    expect(bare.output).not.toContain('random.ts: Random is exported');
  });

  it('refuses to pass when it read too little', () => {
    const empty = mkdtempSync(join(tmpdir(), 'steward-empty-'));
    for (const folder of ['apps', 'libs', 'tools']) mkdirSync(join(empty, folder));
    cpSync(join(ROOT, 'libs/contracts'), join(empty, 'libs/contracts'), { recursive: true });
    cpSync(join(ROOT, 'package-lock.json'), join(empty, 'package-lock.json'));
    expect(houseRules(empty).output).toContain('source files were read; at least');
    rmSync(empty, { recursive: true, force: true });
  });

  it('refuses a changed field number of a published protocol', () => {
    const file = join(house, 'proto/steward/telemetry/v1/telemetry.proto');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('string model_digest = 7;', 'string model_digest = 70;'));
    const result = bufBreaking(house);
    writeFileSync(file, before);
    expect(result.status).not.toBe(0);
    expect(result.output).toContain('model_digest');
  });
});
