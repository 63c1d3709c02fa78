import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlertRaised, AlertResolved } from '@steward/contracts';
import { newId, newPseudonym, sha256 } from '@steward/kernel';
import { eventually, Neighbour } from '@steward/testing';
import { GovernanceHouse, PROJECT } from './support/governance-house';

jest.setTimeout(60_000);

const NOTIFICATIONS = `/v1/projects/${PROJECT}/notifications`;
const SECRET = 'a secret that is long enough to be one';

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
interface Shown {
  readonly id: string;
  readonly kind: string;
  readonly objectId: string;
  readonly stage: string;
  readonly state: string;
  readonly settledAt: string | null;
}

/** Takes what is posted, and answers with the status that the test wants. */
class Receiver {
  readonly told: Told[] = [];
  status = 204;
  headers: Record<string, string> = {};
  private readonly server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      this.told.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      response.writeHead(this.status, this.headers).end();
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  of(id: string): Told[] {
    return this.told.filter(({ headers }) => headers['webhook-id'] === id);
  }
}

describe('the outbox of notifications, on PostgreSQL', () => {
  const receiver = new Receiver();
  let house: GovernanceHouse;
  let monitoring: Neighbour;
  let officer: { id: string; token: string };
  let approver: { id: string; token: string };

  beforeAll(async () => {
    const url = await receiver.start();
    house = await GovernanceHouse.open();
    await house.project();
    officer = await house.person('olga', ['privacy-officer']);
    approver = await house.person('alva', ['approver']);
    monitoring = new Neighbour('monitoring', house.database.urlOf('monitoring'));
    await monitoring.start();
    await house.running.close();
    house.options = { webhook: { url, secret: SECRET } };
    await house.start();
  });

  afterAll(async () => {
    await monitoring.stop();
    await house.close();
    await receiver.stop();
  });

  const list = async (query = '', token = officer.token): Promise<Shown[]> =>
    ((await house.get(`${NOTIFICATIONS}?limit=200${query}`, token).expect(200)).body as { items: Shown[] })
      .items;
  const about = (objectId: string, rest: object = {}) =>
    eventually(async () => {
      const found = (await list()).filter((each) => each.objectId === objectId);
      expect(found).toContainEqual(expect.objectContaining(rest));
      return found;
    });

  it('tells the webhook of an approval that waits, once, signed, and settles it', async () => {
    const { requestId } = await house.ask();
    const [shown] = await about(requestId, { kind: 'approval', stage: 'waiting', state: 'delivered' });
    const [told, ...more] = receiver.of(shown!.id);
    expect(more).toEqual([]);
    const { headers, body } = told!;
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const expected = createHmac('sha256', SECRET).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(JSON.parse(body)).toMatchObject({
      type: 'notification.approval.waiting',
      object: { kind: 'approval', id: requestId },
      for: { roles: ['approver'] },
      page: `/projects/${PROJECT}/approvals/${requestId}`,
    });
    expect(shown!.settledAt).toBeNull();
    await house
      .post(`/v1/projects/${PROJECT}/approvals/${requestId}/reject`, approver.token, {
        reason: 'Not this one.',
      })
      .expect((answer) => expect(answer.status).toBeLessThan(300));
    await eventually(async () => {
      const again = (await list()).find(({ objectId }) => objectId === requestId);
      expect(again!.settledAt).not.toBeNull();
    });
    expect((await list('&open=true')).some(({ objectId }) => objectId === requestId)).toBe(false);
    expect(receiver.of(shown!.id)).toHaveLength(1);
  });

  it('tells again when a clock runs out, of breaches and of requests of data subjects', async () => {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const { body: breach } = await house
      .post(`/v1/projects/${PROJECT}/breaches`, officer.token, {
        summary: 'A laptop was stolen from an office.',
        awareAt: hoursAgo(60),
        from: hoursAgo(80),
        to: hoursAgo(70),
      })
      .expect(201);
    const { id } = breach as { id: string };
    const told = await about(id, { stage: 'due', state: 'delivered' });
    expect(told.map(({ stage }) => stage).sort()).toEqual(['due', 'waiting']);
    const { body: asked } = await house
      .post(`/v1/projects/${PROJECT}/subject-requests`, officer.token, {
        pseudonym: newPseudonym(),
        kind: 'access',
        receivedAt: hoursAgo(40 * 24),
      })
      .expect(201);
    const request = await about((asked as { id: string }).id, { stage: 'overdue', state: 'delivered' });
    expect(request).toHaveLength(3);
    for (const { body } of receiver.told) {
      expect(body).not.toContain('laptop');
      expect(body).not.toContain('sub_');
    }
  });

  it('tells of an alert until it is resolved, and of an emergency access to those who were informed', async () => {
    const alert = {
      alertId: newId(),
      monitor: 'approval',
      kind: 'drift' as const,
      model: 'approval',
      modelVersion: 3,
      windowId: newId(),
      columns: ['single'] as string[],
    };
    await monitoring.say(AlertRaised, { subject: alert.alertId, project: PROJECT, payload: alert });
    await about(alert.alertId, { kind: 'alert', state: 'delivered', settledAt: null });
    await monitoring.say(AlertResolved, { subject: alert.alertId, project: PROJECT, payload: alert });
    await about(alert.alertId, { kind: 'alert', settledAt: expect.any(String) });
    const { body } = await house
      .post(`/v1/projects/${PROJECT}/emergency-accesses`, officer.token, {
        role: 'data-engineer',
        minutes: 5,
        reason: 'The nightly upload is stuck.',
      })
      .expect(201);
    const access = body as { id: string; informed: string[] };
    const [shown] = await about(access.id, { kind: 'emergency-access', state: 'delivered' });
    expect(JSON.parse(receiver.of(shown!.id)[0]!.body)).toMatchObject({ for: { people: access.informed } });
  });

  it('tries again what is refused, follows no redirect, gives up after the last try, and is revived by a person', async () => {
    receiver.status = 302;
    receiver.headers = { location: 'http://127.0.0.1:1/elsewhere' };
    const { requestId } = await house.ask({ model: 'other' });
    const [shown] = await about(requestId, { state: 'waiting', fault: 'WEBHOOK.STATUS_302', attempts: 1 });
    const { id } = shown!;
    // The last try but one was long ago.
    await house.rows(`UPDATE governance.notifications SET attempts = 11, next_at = now() WHERE id = $1`, [
      id,
    ]);
    await about(requestId, { state: 'dead', attempts: 12 });
    await eventually(async () => {
      const entries = await house.events('steward.governance.audit.v1');
      expect(entries).toContainEqual(
        expect.objectContaining({ action: 'notification.give-up', object: { kind: 'notification', id } }),
      );
    });
    receiver.status = 200;
    receiver.headers = {};
    await house.post(`${NOTIFICATIONS}/${id}/retry`, officer.token).expect(403);
    await house.post(`${NOTIFICATIONS}/${id}/retry`, await house.asAdmin()).expect(204);
    await about(requestId, { state: 'delivered', fault: null });
    await house.post(`${NOTIFICATIONS}/${id}/retry`, await house.asAdmin()).expect(409);
    await house.post(`${NOTIFICATIONS}/${sha256('none')}/retry`, await house.asAdmin()).expect(404);
    expect(new Set(receiver.of(id).map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
  });

  it('shows alone what comes where there is no webhook, and tells nobody of it later', async () => {
    const told = receiver.told.length;
    await house.running.close();
    house.options = {};
    await house.start();
    const { requestId } = await house.ask({ model: 'third' });
    await about(requestId, { state: 'shown' });
    const { body } = await house.get(NOTIFICATIONS, officer.token).expect(200);
    expect((body as { webhook: string | null }).webhook).toBeNull();
    expect(receiver.told).toHaveLength(told);
  });

  it('is read by who may, a page at a time', async () => {
    const engineer = await house.person('dan', ['data-engineer']);
    await house.get(NOTIFICATIONS, engineer.token).expect(404);
    await house.get(`${NOTIFICATIONS}?state=lost`, officer.token).expect(400);
    const { body } = await house.get(`${NOTIFICATIONS}?limit=2`, officer.token).expect(200);
    const { items, next } = body as { items: Shown[]; next: string };
    const { body: more } = await house
      .get(`${NOTIFICATIONS}?limit=200&after=${next}`, officer.token)
      .expect(200);
    const rest = (more as { items: Shown[] }).items.map(({ id }) => id);
    expect(items).toHaveLength(2);
    expect(rest).not.toContain(items[0]!.id);
    expect(rest.length + 2).toBe((await list()).length);
  });
});
