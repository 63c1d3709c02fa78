import { lazy, type ComponentType, type ReactNode } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { NotFoundPage } from './not-found-page';

/** A page in a chunk of its own, loaded when it is opened. */
function page<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await load() }));
}

const Overview = page(async () => (await import('../areas/overview/overview-page')).OverviewPage);
const Projects = page(async () => (await import('../areas/projects/projects-page')).ProjectsPage);
const Approvals = page(async () => (await import('../areas/approvals/approvals-page')).ApprovalsPage);
const Approval = page(async () => (await import('../areas/approvals/approval-page')).ApprovalPage);
const Audit = page(async () => (await import('../areas/audit/audit-page')).AuditPage);
const Entry = page(async () => (await import('../areas/audit/entry-page')).EntryPage);
const Datasets = page(async () => (await import('../areas/datasets/datasets-page')).DatasetsPage);
const Dataset = page(async () => (await import('../areas/datasets/dataset-page')).DatasetPage);
const Quarantine = page(async () => (await import('../areas/datasets/quarantine-page')).QuarantinePage);
const Pipelines = page(async () => (await import('../areas/training/pipelines-page')).PipelinesPage);
const Pipeline = page(async () => (await import('../areas/training/pipeline-page')).PipelinePage);
const Runs = page(async () => (await import('../areas/training/runs-page')).RunsPage);
const Run = page(async () => (await import('../areas/training/run-page')).RunPage);
const CompareRuns = page(async () => (await import('../areas/training/compare-runs-page')).CompareRunsPage);
const Models = page(async () => (await import('../areas/models/models-page')).ModelsPage);
const Model = page(async () => (await import('../areas/models/model-page')).ModelPage);
const ModelVersion = page(async () => (await import('../areas/models/model-version-page')).ModelVersionPage);
const Deployments = page(async () => (await import('../areas/operations/deployments-page')).DeploymentsPage);
const DeadLetters = page(async () => (await import('../areas/operations/dead-letters-page')).DeadLettersPage);
const Monitors = page(async () => (await import('../areas/monitoring/monitors-page')).MonitorsPage);
const Monitor = page(async () => (await import('../areas/monitoring/monitor-page')).MonitorPage);
const Window = page(async () => (await import('../areas/monitoring/window-page')).WindowPage);
const Alerts = page(async () => (await import('../areas/monitoring/alerts-page')).AlertsPage);
const People = page(async () => (await import('../areas/people/people-page')).PeoplePage);
const Person = page(async () => (await import('../areas/people/person-page')).PersonPage);
const Members = page(async () => (await import('../areas/people/members-page')).MembersPage);
const Roles = page(async () => (await import('../areas/roles/roles-page')).RolesPage);
const Role = page(async () => (await import('../areas/roles/role-page')).RolePage);
const NewRole = page(async () => (await import('../areas/roles/role-editor-page')).NewRolePage);
const ChangeRole = page(async () => (await import('../areas/roles/role-editor-page')).ChangeRolePage);
const Policy = page(async () => (await import('../areas/roles/policy-page')).PolicyPage);
const Why = page(async () => (await import('../areas/why/why-page')).WhyPage);
const Permissions = page(async () => (await import('../areas/roles/permissions-page')).PermissionsPage);
const SubjectRequests = page(
  async () => (await import('../areas/subjects/subject-requests-page')).SubjectRequestsPage,
);
const SubjectRequest = page(
  async () => (await import('../areas/subjects/subject-request-page')).SubjectRequestPage,
);
const Records = page(async () => (await import('../areas/records/records-page')).RecordsPage);
const Purpose = page(async () => (await import('../areas/records/purpose-page')).PurposePage);
const ImpactAssessments = page(
  async () => (await import('../areas/assessments/impact-assessments-page')).ImpactAssessmentsPage,
);
const ImpactAssessment = page(
  async () => (await import('../areas/assessments/impact-assessment-page')).ImpactAssessmentPage,
);
const HeldDecisions = page(
  async () => (await import('../areas/decisions/held-decisions-page')).HeldDecisionsPage,
);
const HeldDecision = page(
  async () => (await import('../areas/decisions/held-decision-page')).HeldDecisionPage,
);
const Retention = page(async () => (await import('../areas/retention/retention-page')).RetentionPage);
const RetentionRun = page(async () => (await import('../areas/retention/run-page')).RetentionRunPage);
const Explanation = page(async () => (await import('../areas/predictions/explanation-page')).ExplanationPage);
const Breaches = page(async () => (await import('../areas/breaches/breaches-page')).BreachesPage);
const Breach = page(async () => (await import('../areas/breaches/breach-page')).BreachPage);
const Deployment = page(async () => (await import('../areas/deployments/deployment-page')).DeploymentPage);
const Outbox = page(async () => (await import('../areas/outbox/outbox-page')).OutboxPage);
const Reports = page(async () => (await import('../areas/reports/reports-page')).ReportsPage);
const Report = page(async () => (await import('../areas/reports/report-page')).ReportPage);
const AccessReview = page(async () => (await import('../areas/reports/access-review-page')).AccessReviewPage);
const Policies = page(async () => (await import('../areas/approvals/policies-page')).PoliciesPage);
const Delegations = page(async () => (await import('../areas/approvals/delegations-page')).DelegationsPage);
const Emergencies = page(async () => (await import('../areas/emergency/emergencies-page')).EmergenciesPage);
const Emergency = page(async () => (await import('../areas/emergency/emergency-page')).EmergencyPage);
const ApiKeys = page(async () => (await import('../areas/access/api-keys-page')).ApiKeysPage);
const Sessions = page(async () => (await import('../areas/account/sessions-page')).SessionsPage);
const Account = page(async () => (await import('../areas/account/account-page')).AccountPage);

/** Which address shows which page. Every page can be linked to. */
export function Pages(): ReactNode {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/projects" replace />
      </Route>
      <Route path="/projects" component={Projects} />
      <Route path="/projects/:project">{(at) => <Overview {...at} />}</Route>
      <Route path="/projects/:project/approvals">{(at) => <Approvals {...at} />}</Route>
      <Route path="/projects/:project/approvals/:id">{(at) => <Approval {...at} />}</Route>
      <Route path="/projects/:project/alerts">{(at) => <Alerts {...at} />}</Route>
      <Route path="/projects/:project/datasets">{(at) => <Datasets {...at} />}</Route>
      <Route path="/projects/:project/datasets/:dataset">{(at) => <Dataset {...at} />}</Route>
      <Route path="/projects/:project/datasets/:dataset/quarantine/:batch">
        {(at) => <Quarantine {...at} />}
      </Route>
      <Route path="/projects/:project/pipelines">{(at) => <Pipelines {...at} />}</Route>
      <Route path="/projects/:project/pipelines/:pipeline">{(at) => <Pipeline {...at} />}</Route>
      <Route path="/projects/:project/runs">{(at) => <Runs {...at} />}</Route>
      <Route path="/projects/:project/runs/compare">{(at) => <CompareRuns {...at} />}</Route>
      <Route path="/projects/:project/runs/:id">{(at) => <Run {...at} />}</Route>
      <Route path="/projects/:project/models">{(at) => <Models {...at} />}</Route>
      <Route path="/projects/:project/models/:model">{(at) => <Model {...at} />}</Route>
      <Route path="/projects/:project/models/:model/:version">
        {(at) => <ModelVersion {...at} version={Number(at.version)} />}
      </Route>
      <Route path="/projects/:project/deployments">{(at) => <Deployments {...at} />}</Route>
      <Route path="/projects/:project/deployments/:model">{(at) => <Deployment {...at} />}</Route>
      <Route path="/projects/:project/monitors">{(at) => <Monitors {...at} />}</Route>
      <Route path="/projects/:project/monitors/:monitor">{(at) => <Monitor {...at} />}</Route>
      <Route path="/projects/:project/monitors/:monitor/windows/:id">{(at) => <Window {...at} />}</Route>
      <Route path="/projects/:project/members">{(at) => <Members {...at} />}</Route>
      <Route path="/projects/:project/subject-requests">{(at) => <SubjectRequests {...at} />}</Route>
      <Route path="/projects/:project/subject-requests/:id">{(at) => <SubjectRequest {...at} />}</Route>
      <Route path="/projects/:project/records">{(at) => <Records {...at} />}</Route>
      <Route path="/projects/:project/records/purposes/:purpose">{(at) => <Purpose {...at} />}</Route>
      <Route path="/projects/:project/impact-assessments">{(at) => <ImpactAssessments {...at} />}</Route>
      <Route path="/projects/:project/impact-assessments/:model">
        {(at) => <ImpactAssessment {...at} />}
      </Route>
      <Route path="/projects/:project/held-decisions">{(at) => <HeldDecisions {...at} />}</Route>
      <Route path="/projects/:project/held-decisions/:id">{(at) => <HeldDecision {...at} />}</Route>
      <Route path="/projects/:project/predictions/:prediction/:row">{(at) => <Explanation {...at} />}</Route>
      <Route path="/projects/:project/retention">{(at) => <Retention {...at} />}</Route>
      <Route path="/projects/:project/retention/runs/:id">{(at) => <RetentionRun {...at} />}</Route>
      <Route path="/projects/:project/breaches">{(at) => <Breaches {...at} />}</Route>
      <Route path="/projects/:project/breaches/:id">{(at) => <Breach {...at} />}</Route>
      <Route path="/projects/:project/outbox">{(at) => <Outbox {...at} />}</Route>
      <Route path="/projects/:project/reports">{(at) => <Reports key={at.project} {...at} />}</Route>
      <Route path="/projects/:project/approval-policies">{(at) => <Policies {...at} />}</Route>
      <Route path="/projects/:project/delegations">{(at) => <Delegations {...at} />}</Route>
      <Route path="/projects/:project/emergencies">{(at) => <Emergencies {...at} />}</Route>
      <Route path="/projects/:project/emergencies/:id">{(at) => <Emergency {...at} />}</Route>
      <Route path="/reports">
        <Reports />
      </Route>
      <Route path="/reports/:id">{(at) => <Report key={at.id} {...at} />}</Route>
      <Route path="/access-review" component={AccessReview} />
      <Route path="/audit" component={Audit} />
      <Route path="/audit/:index">{(at) => <Entry index={Number(at.index)} />}</Route>
      <Route path="/people" component={People} />
      <Route path="/people/:id">{(at) => <Person {...at} />}</Route>
      <Route path="/roles" component={Roles} />
      <Route path="/new-role" component={NewRole} />
      <Route path="/policy" component={Policy} />
      <Route path="/access/why" component={Why} />
      <Route path="/roles/:role/change">{(at) => <ChangeRole {...at} />}</Route>
      <Route path="/roles/:role">{(at) => <Role {...at} />}</Route>
      <Route path="/permissions" component={Permissions} />
      <Route path="/api-keys" component={ApiKeys} />
      <Route path="/sessions" component={Sessions} />
      <Route path="/dead-letters" component={DeadLetters} />
      <Route path="/account" component={Account} />
      <Route>
        <NotFoundPage />
      </Route>
    </Switch>
  );
}
