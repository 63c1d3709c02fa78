import type { EventEnvelope } from '@steward/contracts';
import { stamped, stampOf, toEnvelope, toHeaders } from './event-headers';

const envelope: EventEnvelope = {
  id: '01890000-0000-7000-8000-000000000001',
  type: 'alert.raised',
  source: 'monitoring',
  time: '2026-01-02T03:04:05.678Z',
  subject: 'alert-1',
  project: 'lending-1',
  correlation: 'c-1',
  actor: 'person-1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

describe('event headers', () => {
  it('carry the envelope there and back, the trace both bare and prefixed', () => {
    const headers = toHeaders(envelope, 'application/json');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_stewardproject: 'lending-1',
      traceparent: envelope.traceparent,
      ce_traceparent: envelope.traceparent,
    });
    expect(toEnvelope(headers)).toEqual(envelope);
  });

  it('leave out a project that is not there', () => {
    const { traceparent: _, ...rest } = envelope;
    const headers = toHeaders({ ...rest, project: null }, 'application/json');
    expect(headers).not.toHaveProperty('ce_stewardproject');
    expect(toEnvelope(headers)).toEqual({ ...rest, project: null });
  });

  it.each([
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_time',
    'ce_subject',
    'ce_stewardcorrelation',
    'ce_stewardactor',
  ])('are refused without %s', (name) => {
    const headers = toHeaders(envelope, 'application/json');
    delete headers[name];
    expect(() => toEnvelope(headers)).toThrow(name);
  });

  it('are refused from a source that is no service', () => {
    expect(() => toEnvelope({ ...toHeaders(envelope, 'application/json'), ce_source: 'somebody' })).toThrow(
      'no service',
    );
  });

  it('carry the stamp of their producer, and none that was made up', () => {
    const stamp = { producer: '01890000-0000-7000-8000-00000000000a', sequence: 1_767_323_045_678_901 };
    expect(stampOf(stamped({}, stamp))).toEqual(stamp);
    expect(stampOf({})).toBeUndefined();
    expect(stampOf({ ce_stewardproducer: 'me', ce_stewardsequence: '1' })).toBeUndefined();
    expect(stampOf({ ce_stewardproducer: stamp.producer, ce_stewardsequence: '-1' })).toBeUndefined();
  });
});
