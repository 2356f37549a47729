/** What the store knows of humans and what they are to get, as its users see it. */

import type { DeliveryPart } from "@triage/contracts";
import type { Database } from "../database.ts";
import { sharedStatement } from "../shared-statement.ts";
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
  assignMessages,
  dropAssignments,
  giveUpAssignments,
  type MessageAssignment,
  type NewAssignment,
  type SettledMessage,
  settleMessages,
  staleDeliveries,
} from "./assignments.ts";
import { type EscalationStep, escalate, forgetEscalations } from "./escalations.ts";
import { closeQuietFloods, type FloodQuestion, sendLoneHeld, summariseHeld } from "./floods.ts";
import { nextPutOffs, putOffAssignment, type RoomFor } from "./put-offs.ts";
import { type DeliveryAttempt, type MessageAttempt, recordAttempts } from "./record-attempts.ts";

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
  /** The only message of a flood's notice goes in its place. Jobs of the queue "deliver". */
  sendLoneHeld(noticeId: string, at: Date): Promise<readonly string[]>;
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

/** What every delivery asks for shares its statements with the deliveries of the same moment. */
export function bindAssignments({ database, newId, now }: AssignmentParts): AssignmentStore {
  const assign = sharedStatement((batch: readonly MessageAssignment[]) => assignMessages(database, batch));
  const record = sharedStatement(async (batch: readonly MessageAttempt[]) => {
    await recordAttempts(database, batch);
    return batch.map(() => undefined);
  });
  const settle = sharedStatement((batch: readonly Settling[]) => settleTogether(database, batch));
  const makeRoom = sharedStatement((batch: readonly RoomFor[]) => nextPutOffs(database, batch));
  return {
    assign: (id, humans, at) => assign({ id, humans, at }),
    dropAssignments: (id, humans) => dropAssignments(database, id, humans),
    recordAttempt: (id, attempt) => record({ id, attempt }),
    giveUpAssignments: (part, given) => giveUpAssignments(database, part, given),
    settle: (ids, at) => settle({ ids, at }),
    putOff: (id, human, isPutOff) => putOffAssignment(database, id, human, isPutOff),
    nextPutOff: (humans, limit) => makeRoom({ humans, limit }),
    staleDeliveries: (olderThan, limit) => staleDeliveries(database, olderThan, limit),
    takeAllowance: (allowance, limit) => takeAllowance(database, allowance, limit),
    giveBackAllowance: (allowance) => giveBackAllowance(database, allowance),
    hold: (id, allowance) => holdMessage(database, id, allowance),
    freeHeld: (allowance, limit) => freeHeld(database, allowance, limit),
    freeAllHeld: (human, at) => freeAllHeld(database, human, at),
    freeHeldOfOthers: (humans, at) => freeHeldOfOthers(database, humans, at),
    countHeld: () => countHeld(database),
    summariseHeld: (question) => summariseHeld(database, question, newId),
    sendLoneHeld: (noticeId, at) => sendLoneHeld(database, noticeId, at),
    closeQuietFloods: (quietSince, at) => closeQuietFloods(database, quietSince, at),
    escalate: (step) => escalate(database, step),
    forgetEscalations: (humans, dueBefore) => forgetEscalations(database, humans, dueBefore),
    acknowledge: (id, by) => acknowledgeMessage(database, id, by, new Date(now())),
  };
}

interface Settling {
  readonly ids: readonly string[];
  readonly at: Date;
}

/** @returns What has moved of each; of several who settle the same message, the first one hears of it. */
async function settleTogether(
  database: Database,
  batch: readonly Settling[],
): Promise<readonly (readonly SettledMessage[])[]> {
  const at = new Date(Math.max(...batch.map((one) => one.at.getTime())));
  const ids = batch.flatMap((one) => one.ids);
  const moved = new Map((await settleMessages(database, ids, at)).map((one) => [one.id, one]));
  return batch.map((one) =>
    one.ids.flatMap((id) => {
      const settled = moved.get(id);
      moved.delete(id);
      return settled === undefined ? [] : [settled];
    }),
  );
}
