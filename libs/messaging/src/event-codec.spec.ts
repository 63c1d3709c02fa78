import { AlertRaised, defineEvent, PredictionLogged, Topics, type EventEnvelope } from '@steward/contracts';
import { z } from 'zod';
import { decodeEvent, encodeEvent } from './event-codec';
import type { LogRecord, OutgoingRecord } from './log-record';

const envelope = (type: string, source: EventEnvelope['source'] = 'monitoring'): EventEnvelope => ({
  id: '01890000-0000-7000-8000-000000000001',
  type,
  source,
  time: '2026-01-02T03:04:05.678Z',
  subject: 'k',
  project: null,
  correlation: 'c',
  actor: 'a',
});
const payload = {
  alertId: 'a',
  monitor: 'm',
  kind: 'drift' as const,
  model: 'm',
  modelVersion: 1,
  windowId: 'w',
  columns: [],
};
const received = (record: OutgoingRecord): LogRecord => ({ ...record, offset: 0 });

describe('encoding and decoding an event', () => {
  it('is the same there and back, as JSON and as protobuf', () => {
    const record = encodeEvent(AlertRaised, envelope('alert.raised'), payload);
    expect(decodeEvent(received(record))).toEqual({
      definition: AlertRaised,
      envelope: envelope('alert.raised'),
      payload,
    });
    const outcome = { ...PredictionLogged.codec.decode(Buffer.alloc(0)), predictionId: 'p', scores: [0.5] };
    const telemetry = encodeEvent(PredictionLogged, envelope('prediction.logged', 'inference'), outcome);
    expect(decodeEvent(received(telemetry))).toMatchObject({ payload: { predictionId: 'p', scores: [0.5] } });
  });

  it('refuses a broken schema and says where, without the value', () => {
    const broken = { ...payload, modelVersion: -1, alertId: undefined as never };
    expect(() => encodeEvent(AlertRaised, envelope('alert.raised'), broken)).toThrow(
      expect.objectContaining({
        code: 'EVENT.INVALID',
        details: { issues: expect.arrayContaining([{ path: 'modelVersion', code: 'too_small' }]) },
      }),
    );
  });

  it('refuses a foreign topic, an unregistered event, an empty subject and more than 256 KiB', () => {
    const refused = expect.objectContaining({ code: 'EVENT.INVALID' });
    expect(() => encodeEvent(AlertRaised, envelope('alert.raised', 'training'), payload)).toThrow(refused);
    const invented = defineEvent('alert.raised', Topics.alert, z.object({}));
    expect(() => encodeEvent(invented, envelope('alert.raised'), {})).toThrow(refused);
    expect(() => encodeEvent(AlertRaised, { ...envelope('alert.raised'), subject: '' }, payload)).toThrow(
      refused,
    );
    const columns = Array.from({ length: 2_000 }, (_, i) => `${i}`.padEnd(190, 'x'));
    expect(() => encodeEvent(AlertRaised, envelope('alert.raised'), { ...payload, columns })).toThrow(
      'bytes',
    );
  });

  it('refuses to take in what another service wrote', () => {
    const record = received(encodeEvent(AlertRaised, envelope('alert.raised'), payload));
    const forged = { ...record, headers: { ...record.headers, ce_source: 'training' } };
    expect(() => decodeEvent(forged)).toThrow('may not write');
  });
});
