import { dirname, join } from 'node:path';

/** The fonts that every document embeds: DejaVu covers Latin, Greek, Cyrillic, Hebrew, Arabic letters and symbols. */
export function fontFiles(): { regular: string; bold: string; mono: string } {
  const folder = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  return {
    regular: join(folder, 'DejaVuSans.ttf'),
    bold: join(folder, 'DejaVuSans-Bold.ttf'),
    mono: join(folder, 'DejaVuSansMono.ttf'),
  };
}
