/** Colours that are told apart by who does not see all colours (Okabe and Ito), dark enough on white, light on black. */
export const SERIES_COLORS = [
  'light-dark(#0b7285, #4aacbd)',
  'light-dark(#b35900, #f0a35e)',
  'light-dark(#5b4bb7, #a99cf0)',
  'light-dark(#2b8a3e, #69c77d)',
  'light-dark(#a61e6b, #ec8fc0)',
  'light-dark(#5c6770, #aab4bd)',
] as const;

export const colorOf = (index: number): string => SERIES_COLORS[index % SERIES_COLORS.length]!;
