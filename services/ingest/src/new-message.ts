/** From a request to a message that can be stored, or to the problem that says what is wrong with it. */
import type { NewMessage } from "@triage/store";
import type { FastifyRequest } from "fastify";
import { readEnvelopeHeaders } from "./envelope-headers.ts";
import { ProblemError } from "./problem.ts";

/** RFC 2046 section 5.2.1 and, for mail with UTF-8 headers, RFC 6532 section 3.7. */
export const MESSAGE_TYPES: readonly string[] = ["message/rfc822", "message/global"];

/**
 * Checks again what Fastify should have seen to: a Content-Type that fools a parser must not get past this point.
 *
 * @throws {ProblemError} 415: not a message, or a compressed one. 400: empty, or an envelope field cannot be read.
 */
export function readNewMessage(request: FastifyRequest): NewMessage {
  const { headers, clientName } = request;
  const raw = readBody(request);
  const reading = readEnvelopeHeaders(headers);
  if (reading.kind === "bad-field") {
    const { field, detail } = reading;
    const errors = [{ field, detail }];
    throw new ProblemError(400, { code: "bad-envelope", detail: `${field} cannot be read. ${detail}`, errors });
  }
  const idempotencyKey = headers["idempotency-key"];
  return {
    raw,
    envelope: reading.envelope,
    envelopeKnown: reading.known,
    source: clientName,
    ...(typeof idempotencyKey === "string" ? { idempotencyKey } : {}),
  };
}

function readBody({ headers, body }: FastifyRequest): Buffer {
  const mediaType = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!Buffer.isBuffer(body) || !MESSAGE_TYPES.includes(mediaType)) {
    const detail = `The Content-Type must be ${MESSAGE_TYPES.join(" or ")}.`;
    throw new ProblemError(415, { code: "unsupported-media-type", detail });
  }
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity") {
    const detail = "Send the message as it is, without Content-Encoding.";
    throw new ProblemError(415, { code: "unsupported-content-encoding", detail });
  }
  if (body.length === 0) throw new ProblemError(400, { code: "empty-message", detail: "The message is empty." });
  return body;
}
