/** A stored message as the API shows it. */
import { describeReversePath, type EnvelopeView, type MessageView } from "@triage/contracts";
import { formatAddress } from "@triage/message";
import type { MessageIncident, StoredMessage } from "@triage/store";

export function viewMessage(stored: StoredMessage): MessageView {
  const { id, state, source, sizeBytes, classifiedAt, releasedAt, deadLetter, acknowledged } = stored;
  return {
    id,
    state,
    receivedAt: stored.receivedAt.toISOString(),
    source,
    sizeBytes,
    envelope: viewEnvelope(stored),
    ...(classifiedAt === undefined ? {} : { classifiedAt: classifiedAt.toISOString() }),
    ...(releasedAt === undefined ? {} : { releasedAt: releasedAt.toISOString() }),
    ...stored.classification,
    corrections: stored.corrections.map((correction) => ({ ...correction, at: correction.at.toISOString() })),
    humans: stored.assignments.map(({ at, assignedAt, isPutOff: _, ...assignment }) => ({
      ...assignment,
      at: at.toISOString(),
      assignedAt: assignedAt.toISOString(),
    })),
    deliveries: stored.deliveries.map((delivery) => ({ ...delivery, at: delivery.at.toISOString() })),
    ...(acknowledged === undefined ? {} : { acknowledged: { ...acknowledged, at: acknowledged.at.toISOString() } }),
    ...(deadLetter === undefined ? {} : { deadLetter: { ...deadLetter, at: deadLetter.at.toISOString() } }),
    ...(stored.incident === undefined ? {} : { incident: viewIncident(stored.incident) }),
  };
}

function viewIncident({ id, kind, state, role }: MessageIncident): NonNullable<MessageView["incident"]> {
  return { id, kind, state, role };
}

function viewEnvelope({ envelope, envelopeKnown }: StoredMessage): EnvelopeView {
  const { clientIp, clientHelo, queueId } = envelope;
  const reversePath = describeReversePath(envelope.reversePath);
  return {
    known: envelopeKnown,
    ...(reversePath === undefined ? {} : { reversePath }),
    forwardPaths: envelope.forwardPaths.map(formatAddress),
    ...(clientIp === undefined ? {} : { clientIp }),
    ...(clientHelo === undefined ? {} : { clientHelo }),
    ...(queueId === undefined ? {} : { queueId }),
  };
}
