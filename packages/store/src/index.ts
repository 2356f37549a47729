export type { Allowance } from "./allowances.ts";
export type { AssignmentStore } from "./assignment-store.ts";
export type { DeliveryAttempt } from "./assignments.ts";
export type { ReleaseOutcome, SaveOutcome } from "./classifications.ts";
export type { CorrectionOutcome } from "./corrections.ts";
export type { DeadLetterOutcome } from "./dead-letter-actions.ts";
export type { Failure } from "./dead-letters.ts";
export type { DigestStore } from "./digest-store.ts";
export type { Digest, DigestRequest, MadeDigest } from "./digests/digests.ts";
export type { DigestPeriod } from "./digests/gather-facts.ts";
export type { ErasureMessage } from "./erase-message.ts";
export type { ErasureOptions, ErasureResult } from "./erase-person.ts";
export type { CauseQuestions, NotedCause } from "./failure-causes.ts";
export type { FailureCause } from "./failure-facts.ts";
export type { FailureEnds, FailureGroup, GroupedSave } from "./failure-incidents.ts";
export type { HeldMessage, ToldOf } from "./floods.ts";
export type { IncidentStore } from "./incident-store.ts";
export type { IncidentReport, RaisedIncident } from "./incident-writes.ts";
export type { IncidentPage, Notice } from "./incidents.ts";
export type { KeptCorrection } from "./kept-corrections.ts";
export { type ArchivedMessage, type MessageArchive, openArchive } from "./message-archive.ts";
export type { IncidentMessage, MessageIncident } from "./message-incident.ts";
export type { LearningView } from "./models.ts";
export type { MailQueue, NoticeAssignment } from "./notice-assignments.ts";
export type { NoticeStore } from "./notice-store.ts";
export type { BouncedRecipient, OwnBounce } from "./own-bounces.ts";
export type { RetentionDays, RetentionOutcome, RetentionResult } from "./retention.ts";
export type { SentLedgerState } from "./sent-ledger.ts";
export { openStore, type Store, type StoreOptions } from "./store.ts";
export { StoreQueryError, StoreSetupError, StoreUnavailableError } from "./store-error.ts";
export type {
  Assignment,
  DeadLetter,
  Delivery,
  InsertOutcome,
  MessageSource,
  NewDelivery,
  NewMessage,
  SentMessage,
  StoredMessage,
} from "./stored-message.ts";
export type { NotedReport } from "./storm-incidents.ts";
export type { StormFindings, StormSettings } from "./storms.ts";
export type { WholeMessage } from "./trimmed-messages.ts";
export { uuidGenerator } from "./uuid-v7.ts";
