import fc from 'fast-check';
import { decodeEntries, encodeEntries, parseTilePath, tileLeaves, tileNodes, tilePath } from './index';

describe('tiles', () => {
  it.each([
    ['0/000', { level: 0, index: 0, width: 256 }],
    ['0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['1/x001/x234/067.p/8', { level: 1, index: 1_234_067, width: 8 }],
    ['entries/x001/x234/067', { level: 'entries', index: 1_234_067, width: 256 }],
    ['entries/000.p/112', { level: 'entries', index: 0, width: 112 }],
  ])('%s has the address that tlog-tiles gives it', (path, tile) => {
    expect(parseTilePath(path)).toEqual(tile);
    expect(tilePath(tile as Parameters<typeof tilePath>[0])).toBe(path);
  });

  it.each([
    '',
    '0',
    '0/0',
    '0/0000',
    '00/000',
    '64/000',
    '0/x000/001',
    '0/001/002',
    '0/x001',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/08',
    '0/000/',
    '0/000.p/',
    '../0/000',
    'entries/x999/x999/x999/x999/x999/x999/999',
  ])('%s is no address of a tile', (path) => expect(parseTilePath(path)).toBeNull());

  it('every tile is found again by its path', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
        fc.nat(Number.MAX_SAFE_INTEGER),
        fc.integer({ min: 1, max: 256 }),
        (level, index, width) =>
          expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width }),
      ),
    ));

  it('a tile names its nodes and leaves', () => {
    expect(tileLeaves({ level: 1, index: 2, width: 3 })).toEqual({ from: 131_072, to: 131_840 });
    expect(tileLeaves({ level: 'entries', index: 2, width: 3 })).toEqual({ from: 512, to: 515 });
    expect(tileNodes({ level: 2, index: 1, width: 2 })).toEqual([
      { level: 16, index: 256 },
      { level: 16, index: 257 },
    ]);
  });
});

describe('a bundle of entries', () => {
  it('gives back what went in, and says what is cut off or too long', () => {
    const contents = [Buffer.from('{}'), Buffer.alloc(0), Buffer.alloc(65_535, 7)];
    const bundle = encodeEntries(contents);
    expect(bundle.subarray(0, 4)).toEqual(Buffer.from([0, 2, 0x7b, 0x7d]));
    expect(decodeEntries(bundle)).toEqual(contents);
    for (const cut of [bundle.subarray(0, 3), bundle.subarray(0, -1), bundle.subarray(0, 5)])
      expect(() => decodeEntries(cut)).toThrow(expect.objectContaining({ code: 'AUDIT.BAD_BUNDLE' }));
    expect(() => encodeEntries([Buffer.alloc(65_536)])).toThrow(
      expect.objectContaining({ code: 'AUDIT.ENTRY_TOO_LONG' }),
    );
  });
});
