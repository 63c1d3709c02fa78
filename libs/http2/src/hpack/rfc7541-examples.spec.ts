import { HpackDecoder } from './hpack-decoder';

type Field = readonly [name: string, value: string];

interface Example {
  readonly hex: string;
  readonly fields: readonly Field[];
  /** The dynamic table afterwards, the newest entry first. */
  readonly table: readonly Field[];
  readonly bytes: number;
}

const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');

/** By an indexed field each (which changes nothing), until an index is beyond the table. */
function tableOf(decoder: HpackDecoder, most: number): string[] {
  const entries = Array.from({ length: most }, (_, at) => decoder.decode(Buffer.of(0x80 | (62 + at))));
  expect(() => decoder.decode(Buffer.of(0x80 | (62 + most)))).toThrow('beyond the tables');
  return entries.flat();
}

function check(decoder: HpackDecoder, { hex, fields, table, bytes }: Example): void {
  expect(decoder.decode(bytesOf(hex))).toEqual(fields.flat());
  expect(tableOf(decoder, table.length)).toEqual(table.flat());
  expect(decoder.tableBytes).toBe(bytes);
}

const AUTHORITY: Field = [':authority', 'www.example.com'];
const NO_CACHE: Field = ['cache-control', 'no-cache'];
const CUSTOM: Field = ['custom-key', 'custom-value'];
const GET: readonly Field[] = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
];

const REQUESTS: readonly Omit<Example, 'hex'>[] = [
  { fields: [...GET, AUTHORITY], table: [AUTHORITY], bytes: 57 },
  { fields: [...GET, AUTHORITY, NO_CACHE], table: [NO_CACHE, AUTHORITY], bytes: 110 },
  {
    fields: [[':method', 'GET'], [':scheme', 'https'], [':path', '/index.html'], AUTHORITY, CUSTOM],
    table: [CUSTOM, NO_CACHE, AUTHORITY],
    bytes: 164,
  },
];

const PRIVATE: Field = ['cache-control', 'private'];
const LOCATION: Field = ['location', 'https://www.example.com'];
const FIRST_DATE: Field = ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'];
const LATER_DATE: Field = ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'];
const GZIP: Field = ['content-encoding', 'gzip'];
const COOKIE: Field = ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'];

const RESPONSES: readonly Omit<Example, 'hex'>[] = [
  {
    fields: [[':status', '302'], PRIVATE, FIRST_DATE, LOCATION],
    table: [LOCATION, FIRST_DATE, PRIVATE, [':status', '302']],
    bytes: 222,
  },
  {
    fields: [[':status', '307'], PRIVATE, FIRST_DATE, LOCATION],
    table: [[':status', '307'], LOCATION, FIRST_DATE, PRIVATE],
    bytes: 222,
  },
  {
    fields: [[':status', '200'], PRIVATE, LATER_DATE, LOCATION, GZIP, COOKIE],
    table: [COOKIE, GZIP, LATER_DATE],
    bytes: 215,
  },
];

describe('the examples of RFC 7541, appendix C', () => {
  it.each<[string, Example]>([
    [
      'C.2.1',
      {
        hex: '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572',
        fields: [['custom-key', 'custom-header']],
        table: [['custom-key', 'custom-header']],
        bytes: 55,
      },
    ],
    [
      'C.2.2',
      { hex: '040c 2f73 616d 706c 652f 7061 7468', fields: [[':path', '/sample/path']], table: [], bytes: 0 },
    ],
    [
      'C.2.3',
      {
        hex: '1008 7061 7373 776f 7264 0673 6563 7265 74',
        fields: [['password', 'secret']],
        table: [],
        bytes: 0,
      },
    ],
    ['C.2.4', { hex: '82', fields: [[':method', 'GET']], table: [], bytes: 0 }],
  ])('%s: one field', (_, example) => check(new HpackDecoder(), example));

  it.each<[string, number, readonly Omit<Example, 'hex'>[], string[]]>([
    [
      'C.3: requests without Huffman code',
      4096,
      REQUESTS,
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ],
    ],
    [
      'C.4: requests with Huffman code',
      4096,
      REQUESTS,
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ],
    ],
    [
      'C.5: responses without Huffman code',
      256,
      RESPONSES,
      [
        `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133
         2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70
         6c65 2e63 6f6d`,
        '4803 3330 37c1 c0bf',
        `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d
         54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049
         5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e
         3d31`,
      ],
    ],
    [
      'C.6: responses with Huffman code',
      256,
      RESPONSES,
      [
        `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6
         2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
        '4883 640e ffc1 c0bf',
        `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab
         77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f
         9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
      ],
    ],
  ])('%s', (_, tableBytes, examples, blocks) => {
    const decoder = new HpackDecoder(tableBytes);
    for (const [at, hex] of blocks.entries()) check(decoder, { ...examples[at]!, hex });
  });
});
