/** A version of an entry in the books of processing. */
export interface BookEntryAnswer<Content> {
  readonly name: string;
  readonly version: number;
  readonly content: Content;
  readonly changedBy: string;
  readonly changedAt: string;
}

export interface PurposeAnswer {
  readonly title: string;
  readonly state: 'active' | 'retired';
  readonly lawfulBasis: { readonly article: string; readonly grounds: string } | null;
  readonly specialCategories: readonly { readonly category: string; readonly condition: string | null }[];
  readonly retention: readonly { readonly class: string; readonly days: number }[];
  readonly automatedDecisions: boolean;
}

/** The record of processing (GDPR Art. 30). */
export interface RecordAnswer {
  readonly project: string;
  readonly generatedAt: string;
  readonly digest: string;
  readonly purposeRequired: boolean;
  readonly controller: { readonly name: string; readonly contact: string } | null;
  readonly dataProtectionOfficer: { readonly name: string; readonly contact: string } | null;
  readonly purposes: readonly (PurposeAnswer & {
    readonly purpose: string;
    readonly version: number;
    readonly dataCategories: readonly string[];
    readonly bound: readonly { readonly kind: string; readonly name: string }[];
  })[];
  readonly gaps: readonly { readonly about: string; readonly missing: string; readonly owedBy: string }[];
}

export interface ConsentAnswer {
  readonly id: string;
  readonly pseudonym: string;
  readonly purpose: string;
  readonly state: 'given' | 'withdrawn';
  readonly textVersion: number | null;
  readonly at: string;
}

export interface ImpactAssessmentAnswer {
  readonly model: string;
  readonly version: number;
  readonly body: {
    readonly risks: readonly { readonly risk: string; readonly residual: string }[];
  };
  readonly scopeDigest: string;
  readonly writtenBy: string;
  readonly writtenAt: string;
  readonly signedBy: string | null;
  readonly signedAt: string | null;
}

export interface HeldDecisionAnswer {
  readonly id: string;
  readonly predictionId: string;
  readonly row: number;
  readonly model: string;
  readonly version: number;
  readonly proposed: string;
  readonly score: number;
  readonly because: string;
  readonly state: 'pending' | 'confirmed' | 'overridden' | 'contested';
  readonly label: string | null;
  readonly heldAt: string;
}

export interface EmergencyAnswer {
  readonly id: string;
  readonly person: string;
  readonly role: string;
  readonly startedAt: string;
  readonly until: string;
  readonly endedAt: string | null;
  readonly reviewedBy: string | null;
  readonly justified: boolean | null;
}

export interface BreachAnswer {
  readonly id: string;
  readonly summary: string | null;
  readonly state: 'open' | 'notified' | 'not_notifiable';
  readonly awareAt: string;
  readonly dueAt: string;
  readonly hoursLeft: number | null;
  readonly exposure: {
    readonly predictionRows: number;
    readonly datasetRows: number;
    readonly subjects: number;
  } | null;
}
