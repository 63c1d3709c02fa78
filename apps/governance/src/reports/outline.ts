import { owed, section } from './blocks';
import type { ReportKind, Section } from './report';
import type { ReportMaterial } from './report-material';
import { contractSection, dataSection } from './sections/data-sections';
import { approvalSection, changeSection, logSection } from './sections/change-sections';
import {
  developmentSection,
  fairnessSection,
  performanceSection,
  systemSection,
} from './sections/model-sections';
import { alertSection, driftSection, outcomeSection } from './sections/monitoring-sections';
import {
  accessSection,
  emergencySection,
  personalDataSection,
  requestSection,
} from './sections/people-sections';

type Builder = (material: ReportMaterial) => Section;

const of =
  (
    build: (material: ReportMaterial, basis: string | null) => Section,
    basis: string | null = null,
  ): Builder =>
  (material) =>
    build(material, basis);

/** A section that no event can fill: said to be missing, with who owes it. */
const unfilled =
  (id: string, title: string, basis: string, what: string, owedBy: string): Builder =>
  () =>
    section(id, title, basis, [], [owed(what, owedBy)]);

const PROVIDER = 'the provider: Steward holds no such document';

/** Which sections each kind of report has, in their order; the basis is the provision that asks for it. */
const OUTLINES: Readonly<Record<ReportKind, readonly Builder[]>> = {
  'model-card': [
    of(systemSection),
    of(dataSection),
    of(developmentSection),
    of(performanceSection),
    of(fairnessSection),
    of(driftSection),
    of(outcomeSection),
    of(approvalSection),
    of(logSection),
  ],
  'technical-documentation': [
    of(systemSection, 'Annex IV 1'),
    of(developmentSection, 'Annex IV 2 (a), (b), (c), (g)'),
    of(contractSection, 'Annex IV 2 (d); Article 10'),
    of(dataSection, 'Annex IV 2 (d); Article 10'),
    of(approvalSection, 'Annex IV 2 (e); Article 14'),
    of(performanceSection, 'Annex IV 2 (g), 3; Article 15'),
    of(fairnessSection, 'Annex IV 2 (g), 3; Article 10 (2) (f)'),
    unfilled(
      'security',
      'Cybersecurity measures',
      'Annex IV 2 (h); Article 15 (5)',
      'the measures of this installation',
      `${PROVIDER}; docs/security.md describes the software’s own`,
    ),
    of(driftSection, 'Annex IV 3'),
    of(outcomeSection, 'Annex IV 3, 4; Article 15'),
    unfilled(
      'risks',
      'Risk management',
      'Annex IV 5; Article 9',
      'the risk management system and residual risks',
      PROVIDER,
    ),
    of(changeSection, 'Annex IV 6'),
    unfilled(
      'standards',
      'Harmonised standards that were applied',
      'Annex IV 7',
      'the list of standards',
      PROVIDER,
    ),
    unfilled(
      'declaration',
      'EU declaration of conformity',
      'Annex IV 8; Article 47',
      'the signed declaration',
      PROVIDER,
    ),
    of(alertSection, 'Annex IV 9; Article 72'),
    of(logSection, 'Article 12'),
  ],
  monitoring: [of(driftSection), of(outcomeSection), of(alertSection), of(changeSection), of(logSection)],
  dataset: [of(contractSection), of(dataSection), of(personalDataSection), of(logSection)],
  'change-history': [of(changeSection), of(approvalSection), of(emergencySection), of(logSection)],
  'data-protection': [
    of(personalDataSection, 'GDPR Articles 5, 25, 30'),
    of(requestSection, 'GDPR Articles 12 to 22'),
    of(accessSection, 'GDPR Article 32'),
    of(emergencySection, 'GDPR Article 32'),
    of(logSection, 'GDPR Article 5 (2)'),
  ],
  'access-review': [of(accessSection), of(emergencySection), of(logSection)],
};

/** The sections of a report of this kind. */
export const sectionsOf = (kind: ReportKind, material: ReportMaterial): Section[] =>
  OUTLINES[kind].map((build) => build(material));
