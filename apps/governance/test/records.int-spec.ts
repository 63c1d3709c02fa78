import {
  ContractRegistered,
  DatasetContract,
  DatasetVersionCreated,
  ModelVersionRegistered,
  type PayloadOf,
} from '@steward/contracts';
import { newPseudonym, sha256 } from '@steward/kernel';
import { eventually, Neighbour } from '@steward/testing';
import { GovernanceHouse, PROJECT } from './support/governance-house';

jest.setTimeout(60_000);

type Body = Record<string, unknown>;
type Person = { id: string; token: string };
const BOOKS = `/v1/projects/${PROJECT}/processing`;
const CONSENTS = `/v1/projects/${PROJECT}/consents`;
const ASSESSMENTS = `/v1/projects/${PROJECT}/impact-assessments`;

const CREDIT = {
  title: 'Credit decisions',
  description: 'Deciding on applications for a mortgage.',
  lawfulBasis: { article: 'b', grounds: 'Steps at the request of the applicant before a contract.' },
  subjectCategories: ['applicants'],
  retention: [{ class: 'prediction-rows', days: 30 }],
};
const ASSESSMENT = {
  necessity: 'Without a score each application would wait for weeks.',
  risks: [
    {
      risk: 'Unfair denial',
      likelihood: 'medium',
      severity: 'high',
      measures: 'Review of each denial by a person.',
      residual: 'low',
    },
  ],
  viewsOfSubjects: 'Asked two associations of consumers.',
  officerAdvice: 'Go on, with a review each quarter.',
};

describe('records of processing, consents and impact assessments, on PostgreSQL', () => {
  let house: GovernanceHouse;
  let ingestion: Neighbour;
  let dora: Person;
  let olga: Person;
  let eve: Person;
  let ann: Person;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    await house.project();
    dora = await house.person('dora', ['privacy-officer']);
    olga = await house.person('olga', ['privacy-officer']);
    eve = await house.person('eve', ['ml-engineer']);
    ann = await house.person('ann', ['approver']);
    ingestion = new Neighbour('ingestion', house.database.urlOf('ingestion'));
    await ingestion.start();
  });

  afterAll(async () => {
    await ingestion.stop();
    await house.close();
  });

  const put = (path: string, body: object, who = dora) => house.put(`${BOOKS}/${path}`, who.token, body);
  const told = async (): Promise<Body> =>
    (await house.events('steward.governance.policy.v1')).findLast((event) => 'purposeRequired' in event) ??
    {};
  const record = async (): Promise<Body> =>
    (await house.get(`${BOOKS}/record`, dora.token).expect(200)).body as Body;
  const register = (
    version: number,
    change: Partial<PayloadOf<typeof ModelVersionRegistered>['descriptor']>,
  ) => house.training.tell(ModelVersionRegistered, modelVersion(version, change), eve.id);

  it('tells the services at once what has no lawful basis', async () => {
    await put('purposes/marketing', { title: 'Marketing', description: 'Offers to customers.' }).expect(200);
    await put('bindings/dataset/applications', { purposes: ['marketing'] }).expect(200);
    await eventually(async () =>
      expect(await told()).toEqual({
        projectId: PROJECT,
        purposeRequired: false,
        bindings: [
          { kind: 'dataset', name: 'applications', purposes: ['marketing'], refusal: 'NO_LAWFUL_BASIS' },
        ],
      }),
    );
    await put('purposes/credit', CREDIT).expect(200);
    await put('bindings/dataset/applications', { purposes: ['credit'] }).expect(200);
    await put('settings', { controller: { name: 'Bank', contact: 'x@bank.example' }, purposeRequired: true });
    await eventually(async () =>
      expect(await told()).toMatchObject({
        purposeRequired: true,
        bindings: [{ purposes: ['credit'], refusal: null }],
      }),
    );
    await put('purposes/credit', {
      ...CREDIT,
      specialCategories: [{ category: 'racial-or-ethnic-origin' }],
    }).expect(200);
    await eventually(async () =>
      expect(await told()).toMatchObject({ bindings: [{ refusal: 'NO_CONDITION' }] }),
    );
    const same = await put('purposes/credit', { ...CREDIT, state: 'retired' }).expect(200);
    expect((await put('purposes/credit', { ...CREDIT, state: 'retired' }).expect(200)).body).toEqual(
      same.body,
    );
    await eventually(async () => expect(await told()).toMatchObject({ bindings: [{ refusal: 'RETIRED' }] }));
    await put('purposes/credit', CREDIT).expect(200);
    const { body } = await house.get(`${BOOKS}/purposes/credit`, dora.token).expect(200);
    expect((body as { versions: unknown[] }).versions).toHaveLength(4);
  });

  it('refuses what the books cannot hold, and who may not write them', async () => {
    await put('bindings/dataset/applications', { purposes: ['nowhere'] }).expect(400);
    await put('bindings/planet/earth', { purposes: [] }).expect(400);
    await put('purposes/credit', {
      ...CREDIT,
      lawfulBasis: { article: 'z', grounds: 'No such one here.' },
    }).expect(400);
    await put('purposes/newsletter', {
      ...CREDIT,
      lawfulBasis: { article: 'a', grounds: 'They tick a box on the form.' },
    }).expect(400);
    await put('purposes/credit', CREDIT, eve).expect(403);
    await house.get(`${BOOKS}/purposes/nowhere`, eve.token).expect(404);
    const nobody = await house.person('nobody', []);
    await house.get(`${BOOKS}/record`, nobody.token).expect(404);
  });

  it('writes the record from the books and from what the services told, and says what is missing', async () => {
    await ingestion.say(ContractRegistered, {
      subject: `${PROJECT}/applications`,
      project: PROJECT,
      payload: {
        dataset: 'applications',
        contractVersion: 1,
        contractDigest: sha256('contract'),
        contract: CONTRACT,
        changedBy: eve.id,
      },
    });
    await ingestion.say(DatasetVersionCreated, {
      subject: `${PROJECT}/applications`,
      project: PROJECT,
      payload: datasetVersion(),
    });
    await put('purposes/empty', { title: 'Nothing yet', description: 'Nobody knows what for.' }).expect(200);
    await eventually(async () => {
      const written = await record();
      expect(written).toMatchObject({ controller: { name: 'Bank' }, digest: expect.any(String) as string });
      const credit = (written['purposes'] as Body[]).find(({ purpose }) => purpose === 'credit');
      expect(credit).toMatchObject({
        lawfulBasis: { article: 'b' },
        dataCategories: ['deny', 'income', 'race'],
        bound: [{ kind: 'dataset', name: 'applications', rows: 120 }],
      });
    });
    const gaps = (await record())['gaps'] as { about: string; missing: string }[];
    expect(gaps).toContainEqual(
      expect.objectContaining({ about: 'purpose empty', missing: 'a lawful basis (Art. 6(1))' }),
    );
    expect(gaps.some(({ missing }) => missing.includes('special categories (Art. 9): race'))).toBe(true);
    expect((await record())['digest']).toBe((await record())['digest']);
  });

  describe('consents', () => {
    const NEWS = {
      ...CREDIT,
      title: 'Newsletter',
      lawfulBasis: { article: 'a', grounds: 'They tick a box on the form.' },
      consentTexts: [{ version: 1, text: 'I agree to receive the newsletter.' }],
    };
    const say = (events: object[], who = dora.token) => house.post(CONSENTS, who, { events });
    const heard = () => house.events('steward.governance.consent.v1');
    const subject = newPseudonym();

    it('are recorded by pseudonym with the text that was seen, and told', async () => {
      await put('purposes/newsletter', NEWS).expect(200);
      await say([{ pseudonym: subject, purpose: 'newsletter', state: 'given', textVersion: 1 }]).expect(201);
      await eventually(async () =>
        expect(await heard()).toMatchObject([
          {
            pseudonym: subject,
            state: 'given',
            textDigest: sha256('I agree to receive the newsletter.'),
            restsOnConsent: true,
            withdrawn: [],
          },
        ]),
      );
      await say([{ pseudonym: subject, purpose: 'newsletter', state: 'withdrawn' }]).expect(201);
      await eventually(async () =>
        expect((await heard()).at(-1)).toMatchObject({ state: 'withdrawn', withdrawn: ['newsletter'] }),
      );
      // An earlier word that comes late changes nothing.
      await say([
        {
          pseudonym: subject,
          purpose: 'newsletter',
          state: 'given',
          textVersion: 1,
          at: '2020-01-01T00:00:00Z',
        },
      ]).expect(201);
      await eventually(async () =>
        expect((await heard()).at(-1)).toMatchObject({ withdrawn: ['newsletter'] }),
      );
      const last = await house.get(`${CONSENTS}/subjects/${subject}`, dora.token).expect(200);
      expect((last.body as { items: Body[] }).items).toMatchObject([{ state: 'withdrawn' }]);
    });

    it('leave a subject out of training and predictions, until they are given again', async () => {
      const other = newPseudonym();
      const terms = async (): Promise<Body | undefined> =>
        (await house.events('steward.governance.subject-request.v1'))
          .filter((event) => event['pseudonym'] === other && 'because' in event)
          .at(-1);
      await say([{ pseudonym: other, purpose: 'newsletter', state: 'withdrawn' }]).expect(201);
      await eventually(async () =>
        expect(await terms()).toMatchObject({
          training: false,
          inference: 'refused',
          because: ['consent-withdrawn'],
        }),
      );
      await say([{ pseudonym: other, purpose: 'newsletter', state: 'given', textVersion: 1 }]).expect(201);
      await eventually(async () =>
        expect(await terms()).toMatchObject({ training: true, inference: 'allowed', because: [] }),
      );
    });

    it('stand whole or not at all, and only for texts that were in force', async () => {
      const good = { pseudonym: newPseudonym(), purpose: 'newsletter', state: 'given', textVersion: 1 };
      await say([good, { ...good, textVersion: 9 }]).expect(400);
      await say([good, { ...good, purpose: 'nowhere' }]).expect(400);
      await say([{ ...good, textVersion: null }]).expect(400);
      await say([{ ...good, at: '2199-01-01T00:00:00Z' }]).expect(400);
      const named = await say([{ ...good, pseudonym: 'Ada Lovelace' }]).expect(400);
      expect(JSON.stringify(named.body)).not.toContain('Lovelace');
      const { body } = await house.get(`${CONSENTS}?subject=${good.pseudonym}`, dora.token).expect(200);
      expect(body).toMatchObject({ items: [] });
      const changed = { ...NEWS, consentTexts: [{ version: 1, text: 'I agree to everything at all.' }] };
      expect((await put('purposes/newsletter', changed).expect(409)).body).toMatchObject({
        code: 'GOVERNANCE.CONSENT_TEXT_FIXED',
      });
      await say([good], eve.token).expect(404);
    });
  });

  describe('a high-risk model', () => {
    const approve = (id: string) => house.post(`/v1/projects/${PROJECT}/approvals/${id}/approve`, ann.token);
    const gatesOf = async (id: string): Promise<Body[]> =>
      (
        (await house.get(`/v1/projects/${PROJECT}/approvals/${id}`, ann.token).expect(200)).body as {
          gates: Body[];
        }
      ).gates;
    /** Makes the person an administrator, too, and returns the token. */
    const boss = async ({ id, token }: Person): Promise<string> => {
      const roles = ['privacy-officer', 'administrator'].map((role) => ({ role, project: null }));
      await house.put(`/v1/users/${id}/roles`, await house.asAdmin(), { roles }).expect(200);
      await eventually(async () =>
        expect(
          ((await house.get('/v1/me', token).expect(200)).body as { roles: unknown[] }).roles,
        ).toHaveLength(2),
      );
      return token;
    };
    const sign = (version: number, who: Person) =>
      house.post(`${ASSESSMENTS}/approval/sign`, who.token, { version });
    const write = (who: Person, body: object = ASSESSMENT) =>
      house.put(`${ASSESSMENTS}/approval`, who.token, body);

    it('is not promoted without an assessment that another person signed and that covers it', async () => {
      const asked = await house.ask({ model: 'approval', version: 71 });
      await put('models/approval', { risk: 'high', grounds: 'Annex III 5(b): creditworthiness.' }).expect(
        200,
      );
      await put('bindings/model/approval', { purposes: ['credit'] }).expect(200);
      await write(eve).expect(404);
      await register(71, {});
      await eventually(() => write(eve).expect(200));
      const blocked = await approve(asked.requestId).expect(409);
      expect(blocked.body).toMatchObject({ details: { gates: ['impactAssessment'] } });
      const waived = await house
        .post(`/v1/projects/${PROJECT}/approvals/${asked.requestId}/waive`, ann.token, {
          gate: 'impactAssessment',
          reason: 'We are in a hurry.',
        })
        .expect(409);
      expect(waived.body).toMatchObject({ code: 'GOVERNANCE.GATE_NOT_WAIVABLE' });
      const { body } = await house.get(`${ASSESSMENTS}/approval`, eve.token).expect(200);
      expect(body).toMatchObject({
        version: 1,
        generated: {
          model: { version: 71, metrics: { auc: 0.8 } },
          fairness: { demographicParityRatio: 0.87 },
          purposes: [{ purpose: 'credit', lawfulBasis: { article: 'b' } }],
          risk: 'high',
        },
      });
      await sign(1, eve).expect(403);
      await sign(2, dora).expect(404);
      await write(dora).expect(200);
      expect((await sign(1, olga).expect(409)).body).toMatchObject({
        code: 'GOVERNANCE.ASSESSMENT_SUPERSEDED',
      });
      expect((await sign(2, dora).expect(403)).body).toMatchObject({ code: 'GOVERNANCE.OWN_ASSESSMENT' });
      const sock = await house.person('sock', ['privacy-officer'], await boss(dora));
      expect((await sign(2, sock).expect(403)).body).toMatchObject({
        code: 'GOVERNANCE.ACCOUNT_FROM_EXCLUDED',
      });
      await sign(2, olga).expect(204);
      await sign(2, olga).expect(409);
      expect(await gatesOf(asked.requestId)).toContainEqual(
        expect.objectContaining({ gate: 'impactAssessment', passed: true }),
      );
      // The basis is lost while the request waits.
      await put('purposes/credit', { ...CREDIT, state: 'retired' }).expect(200);
      expect((await approve(asked.requestId).expect(409)).body).toMatchObject({
        details: { gates: ['lawfulBasis'] },
      });
      await put('purposes/credit', CREDIT).expect(200);
      expect((await approve(asked.requestId).expect(200)).body).toMatchObject({ state: 'granted' });
    });

    it('needs a new one when its inputs change, none signs away a high risk, and the prohibited stays out', async () => {
      await register(72, { inputs: [{ name: 'postcode', kind: 'categorical' }] });
      const asked = await house.ask({ model: 'approval', version: 72 });
      await eventually(async () =>
        expect(
          (await gatesOf(asked.requestId)).find(({ gate }) => gate === 'impactAssessment'),
        ).toMatchObject({
          passed: false,
          message: expect.stringContaining('about other inputs') as string,
        }),
      );
      const [risk] = ASSESSMENT.risks;
      await write(eve, { ...ASSESSMENT, risks: [{ ...risk, residual: 'high' }] }).expect(200);
      expect((await sign(3, olga).expect(409)).body).toMatchObject({ code: 'GOVERNANCE.PRIOR_CONSULTATION' });
      await write(eve).expect(200);
      await sign(4, olga).expect(204);
      expect((await approve(asked.requestId).expect(200)).body).toMatchObject({ state: 'granted' });
      const last = await house.ask({ model: 'approval', version: 72 });
      await put('models/approval', { risk: 'unacceptable', grounds: 'Art. 5(1)(c): social scoring.' });
      expect((await approve(last.requestId).expect(409)).body).toMatchObject({
        details: { gates: ['risk'] },
      });
    });
  });

  it('leaves an entry of each change in the audit log, without what was written', async () => {
    await eventually(async () => {
      const entries = await house.events('steward.governance.audit.v1');
      const actions = new Set(entries.map(({ action }) => action));
      for (const action of [
        'processing-purpose.change',
        'processing-binding.change',
        'processing-settings.change',
        'processing-model.change',
        'consent.give',
        'consent.withdraw',
        'impact-assessment.write',
        'impact-assessment.sign',
      ])
        expect(actions).toContain(action);
      expect(JSON.stringify(entries)).not.toContain('Unfair denial');
    });
  });
});

const CONTRACT = DatasetContract.parse({
  dataset: 'applications',
  columns: [
    { name: 'income', type: 'number', class: 'feature' },
    { name: 'race', type: 'string', class: 'sensitive' },
    { name: 'deny', type: 'string', class: 'label' },
  ],
  label: { column: 'deny', positive: 'yes', negative: 'no', favourable: 'no' },
  groups: ['race'],
});

function datasetVersion(): PayloadOf<typeof DatasetVersionCreated> {
  return {
    dataset: 'applications',
    version: 1,
    digest: sha256('dataset'),
    contractVersion: 1,
    contractDigest: sha256('contract'),
    deltaPath: 'x',
    deltaVersion: 1,
    rows: 120,
    labelledRows: 0,
    batch: {
      number: 1,
      digest: sha256('batch'),
      source: 'upload',
      read: 120,
      accepted: 120,
      quarantined: 0,
    },
  };
}

function modelVersion(
  version: number,
  change: Partial<PayloadOf<typeof ModelVersionRegistered>['descriptor']>,
): PayloadOf<typeof ModelVersionRegistered> {
  const digest = sha256(`model ${version}`);
  return {
    descriptor: {
      model: 'approval',
      version,
      digest,
      sizeBytes: 1,
      runId: 'run-1',
      pipeline: 'p',
      dataset: 'applications',
      datasetVersion: 1,
      datasetDigest: digest,
      contractVersion: 1,
      contractDigest: digest,
      referenceDigest: digest,
      evaluationDigest: digest,
      inputs: [{ name: 'income', kind: 'numeric' }],
      classes: ['no', 'yes'],
      decisionThreshold: 0.5,
      favourable: 'no',
      sensitive: ['race'],
      groups: ['race'],
      ...change,
    },
    learner: 'gbm',
    metrics: { auc: 0.8 },
  };
}
