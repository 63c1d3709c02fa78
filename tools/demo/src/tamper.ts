import {
  checkpointLine,
  CompactRange,
  entryLine,
  hashLeaf,
  headerLine,
  LogKey,
  signCheckpoint,
  VerifierKey,
} from '@steward/audit-log';

interface Entry {
  entry: unknown;
  index: number;
}

const isEntry = (line: string): boolean => line.startsWith('{"entry":');
const read = (line: string): Entry => JSON.parse(line) as Entry;

/** The line of an entry as somebody who knows the format would write it: its leaf hash fits its content. */
function write(content: string, index: number): string {
  const bytes = Buffer.from(content);
  return entryLine({ content: bytes, index, leaf: hashLeaf(bytes) });
}

/** The bytes of an entry as they stand in its line. */
const contentOf = (line: string): string => line.slice('{"entry":'.length, line.lastIndexOf(',"index":'));

function renumber(lines: readonly string[]): string[] {
  let index = 0;
  return lines.map((line) => (isEntry(line) ? write(contentOf(line), index++) : line));
}

/** Places of the entries among the lines. */
const entryPlaces = (lines: readonly string[]): number[] =>
  lines.flatMap((line, place) => (isEntry(line) ? [place] : []));

/** What somebody might do to an exported log, by name; each as well as it can be done without the key. */
export const TAMPERINGS: Readonly<Record<string, (lines: readonly string[]) => string[]>> = {
  changed: (lines) => {
    const place = middle(lines);
    const { index } = read(lines[place]!);
    const content = contentOf(lines[place]!);
    const other = content.includes('"outcome":"done"')
      ? content.replace('"outcome":"done"', '"outcome":"refused"')
      : content.replace('"time":"2', '"time":"1');
    return lines.with(place, write(other, index));
  },
  removed: (lines) => renumber(lines.toSpliced(middle(lines), 1)),
  inserted: (lines) => {
    const place = middle(lines);
    const forged = contentOf(lines[place]!).replace(
      /"entryId":"[^"]*"/,
      '"entryId":"00000000-0000-7000-8000-000000000000"',
    );
    return renumber(lines.toSpliced(place, 0, write(forged, 0)));
  },
  swapped: (lines) => {
    const places = entryPlaces(lines);
    const [one, two] = [places[places.length >> 1]!, places[(places.length >> 1) - 1]!];
    return renumber(lines.with(one, lines[two]!).with(two, lines[one]!));
  },
  'tail cut off': (lines) => {
    const places = entryPlaces(lines);
    const end = places[Math.floor(places.length * 0.75)]!;
    // Ends at a checkpoint, so that nothing inside the file tells.
    const last = lines.slice(0, end).findLastIndex((line) => line.startsWith('{"checkpoint":'));
    return lines.slice(0, last + 1);
  },
  'recomputed without the key': (lines) => recompute(lines),
};

function middle(lines: readonly string[]): number {
  const places = entryPlaces(lines);
  return places[places.length >> 1]!;
}

/** The whole log anew, one entry changed, every head signed by another key of the same name. */
function recompute(lines: readonly string[]): string[] {
  const { publicKey } = JSON.parse(lines[0]!) as { publicKey: string };
  const key = LogKey.generate(VerifierKey.parse(publicKey).name);
  const tree = new CompactRange();
  const contents = TAMPERINGS.changed!(lines).filter(isEntry).map(contentOf);
  const entries = contents.map((content, index) => {
    tree.append(hashLeaf(Buffer.from(content)));
    return write(content, index);
  });
  const head = signCheckpoint({ size: tree.size, root: tree.root(), time: new Date().toISOString() }, key);
  return [headerLine(key.verifier), ...entries, checkpointLine(head)];
}
