import type { ReactNode } from 'react';

/** Steward's mark. */
export const Mark = ({ size = 28 }: { size?: number }): ReactNode => (
  <img src={`${import.meta.env.BASE_URL}mark.svg`} width={size} height={size} alt="" />
);
