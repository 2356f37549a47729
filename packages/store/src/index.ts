export { batched } from "./batched.ts";
export type { DeadLetterOutcome } from "./dead-letters/dead-letter-actions.ts";
export type { Failure } from "./dead-letters/dead-letters.ts";
export type { DigestStore } from "./digests/digest-store.ts";
export type { Digest, DigestRequest, MadeDigest } from "./digests/digests.ts";
export type { DigestPeriod } from "./digests/gather-facts.ts";
export type { ErasureMessage } from "./erasure/erase-message.ts";
export type { ErasureOptions, ErasureResult } from "./erasure/erase-person.ts";
export type { Allowance } from "./humans/allowances.ts";
export type { AssignmentStore } from "./humans/assignment-store.ts";
export type { HeldMessage, ToldOf } from "./humans/floods.ts";
export type { MailQueue, NoticeAssignment } from "./humans/notice-assignments.ts";
export type { NoticeStore } from "./humans/notice-store.ts";
export type { DeliveryAttempt } from "./humans/record-attempts.ts";
export type { CauseQuestions, NotedCause } from "./incidents/failure-causes.ts";
export type { FailureCause } from "./incidents/failure-facts.ts";
export type { FailureEnds, FailureGroup, GroupedSave } from "./incidents/failure-incidents.ts";
export type { IncidentStore } from "./incidents/incident-store.ts";
export type { IncidentReport, RaisedIncident } from "./incidents/incident-writes.ts";
export type { IncidentPage, Notice } from "./incidents/incidents.ts";
export type { IncidentMessage, MessageIncident } from "./incidents/message-incident.ts";
export type { NotedReport } from "./incidents/storm-incidents.ts";
export type { StormFindings, StormSettings } from "./incidents/storms.ts";
export type { CorrectionOutcome } from "./learning/corrections.ts";
export type { KeptCorrection } from "./learning/kept-corrections.ts";
export type { LearningView } from "./learning/models.ts";
export type { ReleaseOutcome, SaveOutcome } from "./messages/classifications.ts";
export { type ArchivedMessage, type MessageArchive, openArchive } from "./messages/message-archive.ts";
export type {
  Assignment,
  DeadLetter,
  Delivery,
  InsertOutcome,
  MessageSource,
  NewDelivery,
  NewMessage,
  NoticeDelivery,
  SentMessage,
  StoredMessage,
} from "./messages/stored-message.ts";
export type { BouncedRecipient, OwnBounce } from "./own-mail/own-bounce.ts";
export type { RetentionDays, RetentionOutcome, RetentionResult } from "./retention/retention.ts";
export type { WholeMessage } from "./retention/trimmed-messages.ts";
export type { SentLedgerState } from "./sent/sent-ledger.ts";
export { openStore, type Store, type StoreOptions } from "./store.ts";
export { StoreQueryError, StoreSetupError, StoreUnavailableError } from "./store-error.ts";
export { uuidGenerator } from "./uuid-v7.ts";
