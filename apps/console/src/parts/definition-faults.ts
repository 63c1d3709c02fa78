import { isNode, LineCounter, parseDocument, type Document } from 'yaml';

/** What a service found wrong with a field of a definition: its path, joined by dots. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** The same at its line of the text, from 1; null where it concerns the whole. */
export interface LineFault extends FieldFault {
  readonly line: number | null;
}

/** Offset of the field in the text, or of the nearest part around it that is written there. */
function offsetOf(document: Document, path: readonly string[]): number | null {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(
      path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
      true,
    );
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}

/** Puts faults at the lines of a definition (YAML, of which JSON is a part), and finds what is no YAML at all. */
export function faultsAtLines(text: string, faults: readonly FieldFault[]): LineFault[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0)
    return document.errors.map(({ message, pos }) => ({ field: '', message, line: lineAt(pos[0]) }));
  return faults
    .map((fault): LineFault => {
      const offset = fault.field === '' ? null : offsetOf(document, fault.field.split('.'));
      return { ...fault, line: offset === null ? null : lineAt(offset) };
    })
    .toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0));
}
