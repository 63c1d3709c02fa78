import { lazy } from 'react';

/** The chart library comes with the first page that draws something. */
export const Bars = lazy(() => import('./bars'));
export const Lines = lazy(() => import('./lines'));
export const ContributionBars = lazy(() => import('./contribution-bars'));
export { ChartFrame } from './chart-frame';
