/**
 * Text of which nothing acts: control characters become visible signs (tab and line feed stay), marks that reorder what
 * is read vanish, so that a name cannot send an escape sequence or look like another.
 */
export function visibleText(text: string): string {
  return text.replace(/\p{Cc}/gu, signOf).replace(/\p{Bidi_Control}/gu, '');
}

const SIGNS = 0x2400;
const DELETE = 0x7f;

function signOf(char: string): string {
  if (char === '\t' || char === '\n') return char;
  const code = char.codePointAt(0)!;
  if (code === DELETE) return '\u2421';
  return code < DELETE ? String.fromCodePoint(SIGNS + code) : '';
}
