/** What the store knows of humans and what they are to get, as its users see it. */

import type { DeliveryPart } from "@triage/contracts";
import type { Database } from "../database.ts";
import {
  type Allowance,
  countHeld,
  freeAllHeld,
  freeHeld,
  freeHeldOfOthers,
  giveBackAllowance,
  holdMessage,
  takeAllowance,
} from "./allowances.ts";
import {
  acknowledgeMessage,
  assignMessage,
  type DeliveryAttempt,
  dropAssignments,
  giveUpAssignments,
  type NewAssignment,
  recordAttempt,
  type SettledMessage,
  settleMessages,
  staleDeliveries,
} from "./assignments.ts";
import { type EscalationStep, escalate, forgetEscalations } from "./escalations.ts";
import { closeQuietFloods, type FloodQuestion, summariseHeld } from "./floods.ts";
import { nextPutOff, putOffAssignment } from "./put-offs.ts";

export interface AssignmentStore {
  /** Who is to get it now, of these; nobody when the message is not `classified` any more. */
  assign(id: string, humans: readonly NewAssignment[], at: Date): Promise<readonly string[]>;
  dropAssignments(id: string, humans: readonly string[]): Promise<void>;
  recordAttempt(id: string, attempt: DeliveryAttempt): Promise<void>;
  giveUpAssignments(
    part: DeliveryPart,
    given: { readonly error: string; readonly minAttempts: number; readonly at: Date },
  ): Promise<void>;
  /** Moves on the messages of which nobody waits any more, with a dead letter for who has not got it. */
  settle(ids: readonly string[], at: Date): Promise<readonly SettledMessage[]>;
  putOff(id: string, human: string, isPutOff: boolean): Promise<void>;
  /** Jobs of what waits for room at an outlet, oldest first. */
  nextPutOff(humans: readonly string[], limit: number): Promise<readonly string[]>;
  /** Jobs of what has not advanced. */
  staleDeliveries(olderThan: Date, limit: number): Promise<readonly string[]>;
  /** False: so many have been taken in the last hour. */
  takeAllowance(allowance: Allowance, limit: number): Promise<boolean>;
  giveBackAllowance(allowance: Allowance): Promise<void>;
  hold(id: string, allowance: Allowance): Promise<void>;
  /** Jobs of what need not wait any longer. */
  freeHeld(allowance: Allowance, limit: number): Promise<readonly string[]>;
  freeAllHeld(human: string, at: Date): Promise<readonly string[]>;
  /** Of all whom the configuration does not name. */
  freeHeldOfOthers(humans: readonly string[], at: Date): Promise<readonly string[]>;
  countHeld(): Promise<number>;
  /** Id of the notice of what waits; undefined when there is nothing to tell now. */
  summariseHeld(question: FloodQuestion): Promise<string | undefined>;
  closeQuietFloods(quietSince: Date, at: Date): Promise<void>;
  /** Jobs of what the next human gets now. */
  escalate(step: EscalationStep): Promise<readonly string[]>;
  /** Of all but those who escalate; a message whose time is to come keeps its bytes. */
  forgetEscalations(humans: readonly string[], dueBefore: Date): Promise<void>;
  /** Somebody sees to it; who said so first stays. False: there is no such message. */
  acknowledge(id: string, by: string): Promise<boolean>;
}

export interface AssignmentParts {
  readonly database: Database;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function bindAssignments({ database, newId, now }: AssignmentParts): AssignmentStore {
  return {
    assign: (id, humans, at) => assignMessage(database, id, humans, at),
    dropAssignments: (id, humans) => dropAssignments(database, id, humans),
    recordAttempt: (id, attempt) => recordAttempt(database, id, attempt),
    giveUpAssignments: (part, given) => giveUpAssignments(database, part, given),
    settle: (ids, at) => settleMessages(database, ids, at),
    putOff: (id, human, isPutOff) => putOffAssignment(database, id, human, isPutOff),
    nextPutOff: (humans, limit) => nextPutOff(database, humans, limit),
    staleDeliveries: (olderThan, limit) => staleDeliveries(database, olderThan, limit),
    takeAllowance: (allowance, limit) => takeAllowance(database, allowance, limit),
    giveBackAllowance: (allowance) => giveBackAllowance(database, allowance),
    hold: (id, allowance) => holdMessage(database, id, allowance),
    freeHeld: (allowance, limit) => freeHeld(database, allowance, limit),
    freeAllHeld: (human, at) => freeAllHeld(database, human, at),
    freeHeldOfOthers: (humans, at) => freeHeldOfOthers(database, humans, at),
    countHeld: () => countHeld(database),
    summariseHeld: (question) => summariseHeld(database, question, newId),
    closeQuietFloods: (quietSince, at) => closeQuietFloods(database, quietSince, at),
    escalate: (step) => escalate(database, step),
    forgetEscalations: (humans, dueBefore) => forgetEscalations(database, humans, dueBefore),
    acknowledge: (id, by) => acknowledgeMessage(database, id, by, new Date(now())),
  };
}
