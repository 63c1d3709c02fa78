import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { canonicalJson } from '@steward/audit-log';
import { signatureFault, type SignedAnswer } from './signed-document';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const typed = Buffer.concat([Buffer.from([1]), raw]);
const keyId = createHash('sha256')
  .update(Buffer.concat([Buffer.from('steward.test\n'), typed]))
  .digest('hex')
  .slice(0, 8);
const key = `steward.test+${keyId}+${typed.toString('base64')}`;

const KIND = 'steward-erasure-certificate/1';

function signed(kind = KIND): SignedAnswer {
  const document = {
    format: KIND,
    requestId: 'r',
    pseudonym: 'sub_0',
    completedAt: '2026-11-01T00:00:00.000Z',
    services: [],
    models: [],
    note: 'n',
  };
  const digest = createHash('sha256').update(canonicalJson(document)).digest('hex');
  const value = sign(null, Buffer.from(`${kind}\n${digest}\n`), privateKey).toString('base64');
  return { document, digest, signature: { origin: 'steward.test', keyId, value } };
}

describe('a signed document', () => {
  it('verifies with the key of the log', async () => {
    await expect(signatureFault(KIND, signed(), key)).resolves.toBeNull();
  });

  it('does not where a part was changed', async () => {
    const whole = signed();
    const changed = { ...whole, document: { ...whole.document, requestId: 'another' } };
    await expect(signatureFault(KIND, changed, key)).resolves.toMatch(/a part was changed/);
  });

  it('does not where another kind, or nobody, was signed for', async () => {
    await expect(signatureFault(KIND, signed('steward-report/1'), key)).resolves.toMatch(/not signed/);
    const whole = signed();
    const forged = {
      ...whole,
      signature: { ...whole.signature, value: Buffer.alloc(64).toString('base64') },
    };
    await expect(signatureFault(KIND, forged, key)).resolves.toMatch(/not signed/);
  });
});
