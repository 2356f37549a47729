/** `POST /v1/sent`: the MTA's outbound log as NDJSON, into the sent ledger. */
import { Readable } from "node:stream";
import { SentAcceptedSchema, SentLineSchema } from "@triage/contracts";
import type { SentMessage, Store } from "@triage/store";
import type { FastifyInstance } from "fastify";
import { Compile } from "typebox/compile";
import type { IngestContext } from "../ingest-context.ts";
import { MAX_LINE_BYTES, type NdjsonLine, readNdjsonLines } from "../ndjson-lines.ts";
import { ProblemError } from "../problem.ts";
import { findFaults } from "../schema-validation.ts";
import { problemResponses } from "./problem-responses.ts";

const NDJSON_TYPES = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

/** Keys of one INSERT: few enough to be stored within a second, many enough that the fsync hardly counts. */
const BATCH_KEYS = 20_000;
/** LIMIT: faulty lines that are named in one answer. */
const MAX_FAULTS = 100;

const lineChecker = Compile(SentLineSchema);

interface LineFault {
  readonly line: number;
  readonly field?: string;
  readonly detail: string;
}

type SentLineReading = { readonly kind: "sent"; readonly sent: SentMessage } | ({ readonly kind: "fault" } & LineFault);

export function sentRoutes(scope: FastifyInstance, { store, log, metrics }: IngestContext): void {
  scope.addContentTypeParser(NDJSON_TYPES, (_request, payload, done) => done(null, payload));
  scope.route({
    method: "POST",
    url: "/v1/sent",
    config: { takes: NDJSON_TYPES, line: SentLineSchema },
    schema: {
      tags: ["sent ledger"],
      summary: "Report messages that this site sent, one JSON object a line",
      description: "Good lines are kept even when others are refused. The same line twice is harmless.",
      response: { 200: SentAcceptedSchema, ...problemResponses(400, 401, 415, 503) },
    },
    handler: async (request) => {
      if (!(request.body instanceof Readable)) {
        const detail = `The Content-Type must be ${NDJSON_TYPES[0]}.`;
        throw new ProblemError(415, { code: "unsupported-media-type", detail });
      }
      const { accepted, faults, refused } = await recordLines(store, request.body);
      metrics.sentLedgerEntries.inc(accepted);
      log.info({ accepted, refused, source: request.clientName }, "sent ledger fed");
      if (refused === 0) return { accepted };
      const detail = `Lines refused: ${refused}; lines accepted: ${accepted}.`;
      throw new ProblemError(400, { code: "bad-lines", detail, errors: [...faults] });
    },
  });
}

/** Reads no faster than the ledger takes: one batch is stored while the next is read, then the client's connection waits. */
async function recordLines(store: Pick<Store, "recordSent">, body: AsyncIterable<Buffer>) {
  const faults: LineFault[] = [];
  let refused = 0;
  const batches = new SentBatches(store);
  for await (const line of readNdjsonLines(body)) {
    const reading = readSentLine(line, new Date());
    if (reading.kind === "sent") await batches.add(reading.sent);
    else {
      refused += 1;
      const { kind, ...fault } = reading;
      if (faults.length < MAX_FAULTS) faults.push(fault);
    }
  }
  return { accepted: await batches.finish(), faults, refused };
}

class SentBatches {
  readonly #store: Pick<Store, "recordSent">;
  #batch: SentMessage[] = [];
  #keys = 0;
  #accepted = 0;
  #storing: Promise<void> = Promise.resolve();

  constructor(store: Pick<Store, "recordSent">) {
    this.#store = store;
  }

  async add(sent: SentMessage): Promise<void> {
    this.#batch.push(sent);
    // three ids at most, and each recipient
    this.#keys += 3 + (sent.recipients?.length ?? 0);
    if (this.#keys >= BATCH_KEYS) await this.#flush();
  }

  /** @returns How many were added; all of them are stored. */
  async finish(): Promise<number> {
    await this.#flush();
    await this.#storing;
    return this.#accepted;
  }

  async #flush(): Promise<void> {
    await this.#storing;
    const batch = this.#batch;
    this.#batch = [];
    this.#keys = 0;
    this.#storing = this.#store.recordSent(batch).then(() => {
      this.#accepted += batch.length;
    });
    // Heard by whoever waits for it next; until then it must not count as unhandled.
    this.#storing.catch(() => undefined);
  }
}

function readSentLine(ndjson: NdjsonLine, now: Date): SentLineReading {
  const { line } = ndjson;
  if (ndjson.kind === "too-long")
    return { kind: "fault", line, detail: `The line is longer than ${MAX_LINE_BYTES} bytes.` };
  const value = parseJson(ndjson.text);
  if (value === undefined) return { kind: "fault", line, detail: "The line is not JSON." };
  if (!lineChecker.Check(value)) {
    const [fault] = findFaults(lineChecker, value);
    return { kind: "fault", line, ...(fault ?? { detail: "The line is not valid." }) };
  }
  const { at, ...keys } = value;
  if (keys.messageId === undefined && keys.queueId === undefined && keys.envelopeId === undefined) {
    return { kind: "fault", line, field: "messageId", detail: "It, queueId or envelopeId must be there." };
  }
  return { kind: "sent", sent: { ...keys, at: at === undefined ? now : new Date(at) } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
