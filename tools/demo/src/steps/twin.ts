import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StewardClient } from '@steward/client';
import { EmbeddedPostgres } from '@steward/database';
import { Platform, startConfig } from '@steward/start';
import type { DemoStep } from '../demo-context';
import { hold } from '../until';
import { people } from './people';
import { uploadInitial } from './ingest';
import { trainPipeline } from './train';

const PASSWORD = 'twin-administrator-password';

/** The same first training in a second installation, thrown away afterwards: equal inputs give equal bytes. */
export const twin: DemoStep = {
  title: 'The same training in a second installation gives the same bytes',
  run: async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-twin-'));
    const { STEWARD_DATABASE_URL: _owner, STEWARD_EVENT_BUS: _bus, ...environment } = process.env;
    const config = startConfig({
      ...environment,
      STEWARD_DATA_DIR: folder,
      STEWARD_PORT: '0',
      STEWARD_ADMIN_PASSWORD: PASSWORD,
    });
    const platform = await Platform.start(
      { ...config, serviceUrls: {} },
      { onNote: () => undefined, onFirstAdministrator: () => undefined },
    );
    try {
      const open = new StewardClient({ url: platform.entryUrl });
      const { token } = await open.post<{ token: string }>('/governance/v1/login', {
        user: 'administrator',
        password: PASSWORD,
      });
      const other = {
        ...context,
        platform,
        administrator: open.as(token),
        tokens: { ...context.tokens },
        summary: {},
      };
      await people.run(other);
      await uploadInitial(other.engineer, other.project);
      const run = await trainPipeline(
        other.engineer,
        other.project,
        'approval',
        'pipeline.yaml',
        context.say,
      );
      other.inference.close();
      context.summary.twinDigest = run.result!.digest;
    } finally {
      await platform.stop();
      await EmbeddedPostgres.remove(folder);
      rmSync(folder, { recursive: true, force: true });
    }
    const { modelDigest, twinDigest } = context.summary;
    hold(modelDigest === twinDigest, `The two models differ: ${modelDigest} and ${twinDigest}.`);
    return `both ${twinDigest?.slice(0, 12)}`;
  },
};
