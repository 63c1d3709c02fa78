import { murmur2, partitionOf } from './partition-of';

describe('partitionOf', () => {
  // From Kafka's own test, org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (text, hash) => {
    expect(murmur2(Buffer.from(text)) | 0).toBe(hash);
  });

  it('gives a key one place, and uses all places', () => {
    const places = Array.from({ length: 200 }, (_, i) => partitionOf(`key-${i}`, 4));
    expect(new Set(places)).toEqual(new Set([0, 1, 2, 3]));
    expect(partitionOf('key-7', 4)).toBe(partitionOf('key-7', 4));
  });
});
