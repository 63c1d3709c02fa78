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
  readonly description: string;
  readonly state: 'active' | 'retired';
  readonly lawfulBasis: { readonly article: string; readonly grounds: string } | null;
  readonly specialCategories: readonly {
    readonly category: string;
    readonly condition: string | null;
    readonly grounds: string;
  }[];
  readonly subjectCategories: readonly string[];
  readonly recipients: readonly { readonly name: string; readonly kind: string; readonly country: string }[];
  readonly transfers: readonly {
    readonly country: string;
    readonly recipient: string;
    readonly safeguard: string;
    readonly reference: string;
  }[];
  readonly retention: readonly { readonly class: string; readonly days: number }[];
  readonly consentTexts: readonly { readonly version: number; readonly text: string }[];
  readonly automatedDecisions: boolean;
}

interface ContactAnswer {
  readonly name: string;
  readonly contact: string;
}

/** Who answers for the processing in a project, and whether everything needs a purpose. */
export interface ProcessingSettingsAnswer {
  readonly controller: ContactAnswer | null;
  readonly representative: ContactAnswer | null;
  readonly dataProtectionOfficer: ContactAnswer | null;
  readonly purposeRequired: boolean;
}

/** What a dataset, pipeline, model or deployment may be processed for. */
export interface BindingAnswer {
  readonly kind: string;
  readonly name: string;
  readonly purposes: readonly string[];
  readonly changedBy: string;
  readonly changedAt: string;
}

/** How risky the use of a model is. */
export interface ModelRiskAnswer {
  readonly risk: 'minimal' | 'limited' | 'high' | 'unacceptable';
  readonly grounds: string;
  readonly intendedUse: string;
}

/** The record of processing (GDPR Art. 30). */
export interface RecordAnswer extends ProcessingSettingsAnswer {
  readonly project: string;
  readonly generatedAt: string;
  readonly digest: string;
  readonly purposes: readonly (PurposeAnswer & {
    readonly purpose: string;
    readonly version: number;
    readonly dataCategories: readonly string[];
    readonly bound: readonly { readonly kind: string; readonly name: string }[];
  })[];
  readonly recipientsInside: readonly { readonly role: string; readonly people: number }[];
  readonly securityMeasures: readonly { readonly measure: string; readonly shownBy: string }[];
  readonly gaps: readonly { readonly about: string; readonly missing: string; readonly owedBy: string }[];
}

export interface ConsentAnswer {
  readonly id: string;
  readonly pseudonym: string;
  readonly purpose: string;
  readonly state: 'given' | 'withdrawn';
  readonly textVersion: number | null;
  readonly textDigest: string | null;
  readonly at: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
}

/** What people write of an impact assessment. */
export interface AssessmentBodyAnswer {
  readonly necessity: string;
  readonly risks: readonly {
    readonly risk: string;
    readonly likelihood: string;
    readonly severity: string;
    readonly measures: string;
    readonly residual: string;
  }[];
  readonly viewsOfSubjects: string;
  readonly officerAdvice: string;
}

/** What is filled in by itself: lineage, figures, purposes, the class of risk. */
export interface GeneratedAssessmentAnswer {
  readonly scope: {
    readonly dataset: string;
    readonly inputs: readonly string[];
    readonly sensitive: readonly string[];
    readonly groups: readonly string[];
    readonly purposes: readonly string[];
  };
  readonly model: {
    readonly version: number;
    readonly digest: string;
    readonly runId: string;
    readonly datasetVersion: number;
    readonly metrics: Readonly<Record<string, number | null>>;
  };
  readonly fairness: Readonly<Record<string, number | null>> | null;
  readonly purposes: readonly (Pick<
    PurposeAnswer,
    'title' | 'lawfulBasis' | 'specialCategories' | 'recipients' | 'retention' | 'automatedDecisions'
  > & { readonly purpose: string })[];
  readonly risk: string | null;
  readonly riskGrounds: string | null;
}

export interface ImpactAssessmentAnswer {
  readonly model: string;
  readonly version: number;
  readonly body: AssessmentBodyAnswer;
  readonly generated: GeneratedAssessmentAnswer;
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
  readonly classes: readonly string[];
  readonly pseudonym: string | null;
  readonly policyVersion: number;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly correlation: string;
}

/** One held decision with everything that was done about it. */
export interface WholeHeldDecisionAnswer extends HeldDecisionAnswer {
  readonly steps: readonly {
    readonly id: string;
    readonly kind: 'decide' | 'contest';
    readonly label: string | null;
    readonly reason: string | null;
    readonly answer: string | null;
    readonly by: string;
    readonly at: string;
  }[];
}

/** Which decisions of a model people make. */
export interface DecisionPolicyAnswer {
  readonly version: number;
  readonly policy: {
    readonly active: boolean;
    readonly labels: readonly string[];
    readonly band: { readonly from: number; readonly to: number } | null;
  };
  readonly changedBy: string;
  readonly changedAt: string;
}

/** Decisions of a group of people in a window that a person made in the place of the model. */
export interface HeldByGroupAnswer {
  readonly attribute: string;
  readonly value: string;
  readonly rows: number;
  readonly held: number;
  readonly heldShare: number;
  readonly confirmed: number;
  readonly overridden: number;
}

/** Something that waits for people, and how telling the webhook of it went. */
export interface NotificationAnswer {
  readonly id: string;
  readonly kind: string;
  readonly objectId: string;
  readonly stage: 'waiting' | 'due' | 'overdue';
  readonly summary: string;
  readonly roles: readonly string[];
  readonly people: readonly string[];
  /** Path of the page of the console that shows it. */
  readonly page: string;
  readonly dueAt: string | null;
  readonly createdAt: string;
  readonly settledAt: string | null;
  readonly state: 'waiting' | 'delivered' | 'dead' | 'shown';
  readonly attempts: number;
  readonly nextAt: string;
  readonly fault: string | null;
  readonly deliveredAt: string | null;
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
  readonly project?: string;
  /** Null: erased. */
  readonly reason?: string | null;
  readonly informed?: readonly string[];
  readonly reviewedAt?: string | null;
  readonly reviewNote?: string | null;
  readonly correlation?: string;
  /** What the person did in that time; only where one access is asked for. */
  readonly actions?: readonly { readonly action: string; readonly times: number }[];
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
  readonly scope: {
    readonly from: string;
    readonly to: string;
    readonly principals: readonly string[];
    readonly keys: readonly string[];
    readonly dataset: string | null;
  };
  readonly openedBy: string;
  readonly openedAt: string;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly correlation: string;
}

/** One breach with what the audit log has of the accounts in that time. */
export interface WholeBreachAnswer extends BreachAnswer {
  readonly audited: {
    readonly actions: readonly {
      readonly action: string;
      readonly service: string;
      readonly times: number;
    }[];
    readonly subjects: readonly string[];
  };
}
