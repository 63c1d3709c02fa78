import type { SignedDocument } from '@steward/audit-log';
import { errors } from '@steward/kernel';
import type { ReportKind, ReportScope } from './report';

/** The forms of a report, with their media types. */
export const ReportFormats = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const;
export type ReportFormat = keyof typeof ReportFormats;

/** What is signed: which report it is, and the digests of its files. */
export interface ReportManifest {
  readonly report: string;
  readonly kind: ReportKind;
  readonly scope: ReportScope;
  readonly period: { readonly from: string; readonly to: string };
  readonly issuedAt: string;
  readonly issuedBy: string;
  readonly files: Readonly<Record<ReportFormat, { readonly digest: string; readonly size: number }>>;
}

export interface IssuedReport {
  readonly id: string;
  readonly kind: ReportKind;
  readonly scope: ReportScope;
  readonly period: { readonly from: string; readonly to: string };
  readonly issuedBy: string;
  readonly issuedAt: string;
  /** How many things nobody has told Steward. */
  readonly missing: number;
  readonly files: ReportManifest['files'];
  readonly manifest: SignedDocument<ReportManifest>;
}

/** Reports that show staff and what they did: for those who may see the accounts. */
export const ABOUT_PEOPLE: readonly ReportKind[] = ['access-review', 'data-protection'];

export const reportNotFound = (id: string): Error =>
  errors.notFound('GOVERNANCE.REPORT_NOT_FOUND', `There is no report ${id.slice(0, 60)} here.`);
