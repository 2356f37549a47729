/** What the store knows of storms, incidents and notices, as its users see it. */
import type { Classification, IncidentKind, IncidentView, NoticeState } from "@triage/contracts";
import type { Database } from "../database.ts";
import type { NoticeDelivery } from "../messages/stored-message.ts";
import { type CauseAnswers, type CauseQuestions, forgetCauses, type NotedCause, noteCauses } from "./failure-causes.ts";
import {
  endFailures,
  type FailureEnds,
  type FailureGroup,
  type GroupedSave,
  saveFailure,
} from "./failure-incidents.ts";
import {
  closeIncident,
  dismissIncident,
  type IncidentReport,
  type RaisedIncident,
  raiseIncident,
} from "./incident-writes.ts";
import {
  closeNotice,
  closeQuietStorms,
  countOpenIncidents,
  type IncidentPage,
  listIncidents,
  type Notice,
  readIncident,
  readNotice,
  recordNoticeDelivery,
  staleNotices,
} from "./incidents.ts";
import { type IncidentMessage, type IncidentMessagePage, incidentMessages } from "./message-incident.ts";
import { noteNoticeFailure } from "./notice-alert.ts";
import type { NotedReport } from "./storm-incidents.ts";
import { saveStormReport } from "./storm-reports.ts";
import type { StormFindings, StormLedger, StormSettings } from "./storms.ts";
import { replaceUnheard } from "./unheard-incidents.ts";

export interface IncidentStore {
  /** Counts reports; the same message twice counts once. Opens and grows incidents. */
  noteStorms(batch: readonly NotedReport[], settings: StormSettings): Promise<StormFindings>;
  /** Forgets the counts of hours that ended before this; incidents stay. */
  forgetStormCounts(before: Date): Promise<void>;
  /** Closes the storms without a report since then; ids of the notices that say so. */
  closeQuietStorms(quietSince: Date): Promise<readonly string[]>;
  /** Counts failures by their cause; the same message twice counts once, and gets the same answer. */
  noteCauses(batch: readonly NotedCause[], questions: CauseQuestions): Promise<readonly CauseAnswers[]>;
  forgetCauses(before: Date): Promise<void>;
  /** Keeps the verdict of a failure together with what it does to the incident of its cause. */
  saveFailure(id: string, classification: Classification, group: FailureGroup): Promise<GroupedSave>;
  /** Keeps the verdict of a doubtful report; the notices of the storm tell of it while that is open. */
  saveStormReport(id: string, classification: Classification, incidentId: string): Promise<GroupedSave>;
  /** Ends incidents of failures; ids of the notices that say so. */
  endFailures(ends: FailureEnds): Promise<readonly string[]>;
  /** Ids of messages that are to be delivered in the place of a message, or of a notice, that could not be. */
  replaceUnheard(): Promise<readonly string[]>;
  /** Opens an incident or grows the open one of the same kind and scope, and notes the step that the human is told of. */
  raiseIncident<Kind extends IncidentKind>(report: IncidentReport<Kind>): Promise<RaisedIncident>;
  /** Closes the open one of this kind and scope; undefined when there is none. */
  closeIncident<Kind extends IncidentKind>(report: IncidentReport<Kind>): Promise<RaisedIncident | undefined>;
  incident(id: string): Promise<IncidentView | undefined>;
  incidentMessages(id: string, page: IncidentMessagePage): Promise<readonly IncidentMessage[]>;
  /** Closes an open one at a person's word, without a notice: the next message of its cause begins a new one. */
  dismissIncident(id: string): Promise<"closed" | "not-open" | "unknown-incident">;
  incidents(page: IncidentPage): Promise<readonly IncidentView[]>;
  countOpenIncidents(): Promise<ReadonlyMap<IncidentKind, number>>;
  notice(id: string): Promise<Notice | undefined>;
  recordNoticeDelivery(id: string, delivery: NoticeDelivery): Promise<void>;
  /** Raises the alert that nobody took it, unless it is one. Ids of the notices that tell it. */
  noteNoticeFailure(notice: Notice): Promise<readonly string[]>;
  /** Closes it, unless somebody is still to be told; `otherwise`: where nobody was. @returns Its state now. */
  closeNotice(
    id: string,
    given: { readonly at: Date; readonly otherwise: "delivered" | "failed" },
  ): Promise<NoticeState>;
  staleNotices(olderThan: Date, limit: number): Promise<readonly string[]>;
}

export interface IncidentParts {
  readonly database: Database;
  readonly storms: StormLedger;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function bindIncidents({ database, storms, newId, now }: IncidentParts): IncidentStore {
  return {
    noteStorms: (batch, settings) => storms.note(batch, settings),
    forgetStormCounts: (before) => storms.forgetBefore(before),
    closeQuietStorms: (quietSince) => closeQuietStorms(database, quietSince, new Date(now()), newId),
    noteCauses: (batch, questions) => noteCauses(database, batch, questions),
    forgetCauses: (before) => forgetCauses(database, before),
    saveFailure: (id, classification, group) => saveFailure({ database, newId }, id, classification, group),
    saveStormReport: (id, classification, incidentId) => saveStormReport(database, id, classification, incidentId),
    endFailures: (ends) => endFailures({ database, newId }, ends),
    replaceUnheard: () => replaceUnheard(database),
    raiseIncident: (report) => raiseIncident(database, report, newId),
    closeIncident: (report) => closeIncident(database, report, newId),
    incident: (id) => readIncident(database, id),
    incidentMessages: (id, page) => incidentMessages(database, id, page),
    dismissIncident: (id) => dismissIncident(database, id, new Date(now())),
    incidents: (page) => listIncidents(database, page),
    countOpenIncidents: () => countOpenIncidents(database),
    notice: (id) => readNotice(database, id),
    recordNoticeDelivery: (id, delivery) => recordNoticeDelivery(database, id, delivery),
    noteNoticeFailure: (notice) => noteNoticeFailure(database, notice, new Date(now()), newId),
    closeNotice: (id, given) => closeNotice(database, id, given),
    staleNotices: (olderThan, limit) => staleNotices(database, olderThan, limit),
  };
}
