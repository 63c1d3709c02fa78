/** What Steward itself does for the security of processing (GDPR Art. 30(1)(g), 32), each with where it is shown. */
export const SECURITY_MEASURES = [
  {
    measure:
      'Direct identifiers are stored encrypted under a key of the subject’s own; elsewhere a random pseudonym.',
    shownBy: 'apps/ingestion/src/subjects',
  },
  {
    measure: 'Sensitive columns are read by ingestion and monitoring alone and shown as aggregates.',
    shownBy: 'apps/monitoring/src/windows',
  },
  {
    measure: 'Access is denied unless a role allows it; revocation reaches each service within a second.',
    shownBy: 'libs/access',
  },
  {
    measure: 'No model is served that another person has not approved.',
    shownBy: 'apps/governance/src/approvals',
  },
  {
    measure: 'Each change is an entry of an append-only Merkle log with signed heads, verifiable offline.',
    shownBy: 'libs/audit-log',
  },
  { measure: 'Topics that carry data of subjects keep them 30 days at most.', shownBy: 'libs/contracts' },
] as const;
