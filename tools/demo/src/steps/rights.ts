import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VerifierKey, verifyDocument, type SignedDocument } from '@steward/audit-log';
import type { StewardClient } from '@steward/client';
import { AppError } from '@steward/kernel';
import { unzipSync } from 'fflate';
import type { DemoContext, DemoStep } from '../demo-context';
import { runCli } from '../run-cli';
import { hold, until } from '../until';
import { datasetVersions } from './prove';

const WAIT_MS = 60_000;
const CERTIFICATE = 'steward-erasure-certificate/1';

/** A request of the subject, from its opening to its end, by the privacy officer. */
async function fulfil({ officer, project }: DemoContext, pseudonym: string, kind: 'access' | 'erasure') {
  const path = `/governance/v1/projects/${project}/subject-requests`;
  const { id } = await officer.post<{ id: string }>(path, { pseudonym, kind });
  const { principalId } = await officer.get<{ principalId: string }>('/governance/v1/me');
  await officer.post(`${path}/${id}/assign`, { person: principalId });
  await officer.post(`${path}/${id}/evidence`, {
    kind: 'identity',
    text: 'Asked in person with a passport.',
  });
  await officer.post(`${path}/${id}/run`);
  await until(`the request for ${kind} to be fulfilled`, WAIT_MS, async () => {
    const { state } = await officer.get<{ state: string }>(`${path}/${id}`);
    return state === 'fulfilled';
  });
  return { id, path: `${path}/${id}` };
}

const isKnown = (officer: StewardClient, project: string, applicant: string): Promise<string | null> =>
  officer
    .post<{ pseudonym: string }>(`/ingestion/v1/projects/${project}/subjects/find`, {
      dataset: 'applications',
      identifier: applicant,
    })
    .then(({ pseudonym }) => pseudonym)
    .catch((error: unknown) => {
      if (AppError.is(error) && error.kind === 'not_found') return null;
      throw error;
    });

/** The technical documentation as the auditor gets it: issued, saved, and checked without asking anybody. */
async function auditorsReport({ platform, project, tokens }: DemoContext, folder: string, publicKey: string) {
  const auditor = { url: platform.entryUrl, token: tokens.auditor };
  const order = ['--kind', 'technical-documentation', '--project', project, '--model', 'approval'];
  await runCli(['report', 'issue', ...order, '--output', folder], auditor);
  const name = readdirSync(folder).find((file) => file.endsWith('.pdf'));
  hold(name !== undefined, 'The report was issued, and no PDF was saved.');
  const file = join(folder, name);
  await runCli(['report', 'verify', file, '--public-key', publicKey], auditor);
  return file;
}

export const rights: DemoStep = {
  title: 'The auditor checks a report offline; a person asks for their data, then for its erasure',
  run: async (context) => {
    const { auditor, officer, platform, project, sent, summary, tokens } = context;
    const folder = join(platform.dataDir, 'demo', project);
    mkdirSync(folder, { recursive: true });
    const { publicKey } = await auditor.get<{ publicKey: string }>('/governance/v1/audit/public-key');
    const documentation = await auditorsReport(context, folder, publicKey);

    const applicant = sent[0]!.application.applicant ?? '';
    const pseudonym = await isKnown(officer, project, applicant);
    hold(pseudonym !== null, 'Ingestion does not know the person whose application was just decided.');
    const access = await fulfil(context, pseudonym, 'access');
    const archive = await officer.bytes(`${access.path}/archive`);
    hold(archive.subarray(0, 2).toString() === 'PK', 'The archive of the person’s data is not a ZIP file.');
    hold(
      'data/inference-contributions.json' in unzipSync(archive),
      'The archive does not say what counted in the decision about the person.',
    );
    writeFileSync(join(folder, 'subject-data.zip'), archive, { mode: 0o600 });

    const erasure = await fulfil(context, pseudonym, 'erasure');
    const signed = await officer.get<SignedDocument>(`${erasure.path}/certificate`);
    verifyDocument(CERTIFICATE, signed, VerifierKey.parse(publicKey));
    const certificate = join(folder, 'erasure-certificate.json');
    writeFileSync(certificate, `${JSON.stringify(signed, null, 2)}\n`);
    hold(
      (await isKnown(officer, project, applicant)) === null,
      'The person was erased, and ingestion still finds them by their identifier.',
    );
    await runCli(['audit', 'verify'], { url: platform.entryUrl, token: tokens.auditor });
    summary.datasetVersions = await datasetVersions(context);
    summary.rights = {
      documentation,
      archiveBytes: archive.length,
      certificate,
      certificateDigest: signed.digest,
    };
    return `${documentation.split('/').at(-1)} verified; ${archive.length.toLocaleString('en')} bytes handed out; erased, certificate ${signed.digest.slice(0, 12)}; the audit log still holds`;
  },
};
