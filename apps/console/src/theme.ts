import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Steward's own colour, from nearly white to nearly black. */
const lagoon: MantineColorsTuple = [
  '#e8f6f8',
  '#cfe9ee',
  '#a3d5de',
  '#72bfcc',
  '#4aacbd',
  '#2899ac',
  '#108499',
  '#0b7285',
  '#07606f',
  '#044a57',
];

/**
 * Lists that open below a field stay in the page's landmark and scroll as the list itself, which is where screen readers
 * and axe look for them.
 */
const openList = {
  defaultProps: {
    comboboxProps: { withinPortal: false },
    withScrollArea: false,
    styles: { options: { maxHeight: 220, overflowY: 'auto' } },
  },
} as const;

export const theme = createTheme({
  components: { MultiSelect: openList, Select: openList, TagsInput: openList },
  colors: { lagoon },
  primaryColor: 'lagoon',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.15rem' } } },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
});

/** Mantine's own greys and red fall short of WCAG's 4.5 to 1 for small text; these do not. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#515a63',
    '--mantine-color-placeholder': '#5f6870',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': 'var(--mantine-color-lagoon-8)',
  },
  dark: {
    '--mantine-color-body': '#16191d',
    '--mantine-color-dimmed': '#a9b1ba',
    '--mantine-color-placeholder': '#99a1aa',
    '--mantine-color-error': '#ff9c9c',
    '--mantine-color-anchor': 'var(--mantine-color-lagoon-3)',
  },
});
