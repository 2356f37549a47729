/**
 * `/l/:token`: the links in mails. GET says what the link is for and never does it, because mail scanners and previews
 * follow every link; POST does it. The token is the only credential, so it needs no key and is in no log.
 *
 * Answers are pages for people, also when something is wrong: 403 not signed by us, 404 no such message, 410 expired or
 * no longer kept, 429 too often, 503 no database. Doing it twice does it once and says so.
 */
import { type ActionLink, readActionLink } from "@triage/contracts";
import { type StoredMessage, StoreUnavailableError } from "@triage/store";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { IngestContext } from "../ingest-context.ts";
import { describeLinkedMessage } from "../links/link-facts.ts";
import { LINK_PAGE_HEADERS, type LinkPage, renderLinkPage } from "../links/link-page.ts";
import { RateLimit } from "../links/rate-limit.ts";

/** LIMIT: requests a minute for one link, and wrong ones a minute from one address. A person needs a handful. */
const PER_MINUTE = 30;

/** Counted apart: whoever sends forged tokens from ten thousand addresses fills the names of their own count only. */
interface Limits {
  readonly links: RateLimit;
  readonly forged: RateLimit;
}

/** Who acknowledged: the link does not say which of the readers of the mail pressed the button. */
const BY_LINK = "a reader of the mail";

interface Answer extends LinkPage {
  readonly status: number;
}

interface LinkedMessage {
  readonly link: ActionLink;
  readonly message: StoredMessage;
  readonly facts: NonNullable<LinkPage["facts"]>;
}

type Found =
  | { readonly kind: "found"; readonly linked: LinkedMessage }
  | { readonly kind: "page"; readonly page: Answer };

export function linkRoutes(app: FastifyInstance, context: IngestContext): void {
  const limits: Limits = { links: new RateLimit(PER_MINUTE), forged: new RateLimit(PER_MINUTE) };
  const schema = { hide: true };
  // A form without fields: whatever its body holds, nobody looks at it.
  app.addContentTypeParser("*", { parseAs: "string", bodyLimit: 1_024 }, (_request, _body, done) => done(null));
  app.setErrorHandler((error, _request, reply) => sendPage(reply, pageOfError(error, context)));
  app.get("/l/:token", { schema }, async (request, reply) => {
    const found = await findLinked(request, context, limits);
    return sendPage(reply, found.kind === "page" ? found.page : askFirst(found.linked));
  });
  app.post("/l/:token", { schema }, async (request, reply) => {
    const found = await findLinked(request, context, limits);
    return sendPage(reply, found.kind === "page" ? found.page : await act(found.linked, context));
  });
}

function sendPage(reply: FastifyReply, { status, ...page }: Answer): FastifyReply {
  return reply.code(status).headers(LINK_PAGE_HEADERS).send(renderLinkPage(page));
}

async function findLinked(request: FastifyRequest, context: IngestContext, limits: Limits): Promise<Found> {
  const { token } = request.params as { readonly token: string };
  const read = readActionLink(token, await secretsOf(context), new Date());
  const isWithin = read.kind === "forged" ? limits.forged.take(request.ip) : limits.links.take(token);
  if (!isWithin) return { kind: "page", page: TOO_OFTEN };
  if (read.kind === "forged") return { kind: "page", page: FORGED };
  if (read.kind === "expired") return { kind: "page", page: expired(read.link) };
  const message = await context.store.message(read.link.id);
  if (message === undefined) return { kind: "page", page: UNKNOWN };
  const raw = await context.store.raw(read.link.id);
  if (raw === undefined) return { kind: "page", page: noLongerKept(read.link) };
  const facts = describeLinkedMessage(message, raw, context.writeAddress);
  return { kind: "found", linked: { link: read.link, message, facts } };
}

async function secretsOf({ store, linkSecrets = [] }: IngestContext): Promise<readonly Buffer[]> {
  return linkSecrets.length > 0 ? linkSecrets.map((secret) => Buffer.from(secret, "utf8")) : [await store.linkSecret()];
}

/** What GET shows. A message that is where the link would bring it has no button. */
function askFirst({ link, message, facts }: LinkedMessage): Answer {
  const until = `This link works until ${formatMinute(link.expires)}.`;
  switch (link.action) {
    case "release":
      return canRelease(message)
        ? {
            ...ok("Release this message?", "It was kept from you. Releasing it sends it to you."),
            facts,
            button: "Release it",
            note: until,
          }
        : { ...whereItIs(message), facts };
    case "acknowledge":
      return message.acknowledged === undefined
        ? {
            ...ok("Acknowledge this message?", "It says that somebody sees to it: nobody else is asked to."),
            facts,
            button: "I see to it",
            note: until,
          }
        : { ...ok("Acknowledged already", "Somebody sees to this message."), facts };
    default:
      return link.action satisfies never;
  }
}

async function act(linked: LinkedMessage, context: IngestContext): Promise<Answer> {
  const { link, message, facts } = linked;
  switch (link.action) {
    case "release":
      return { ...(await release(linked, context)), facts };
    case "acknowledge":
      return { ...(await acknowledge(message, context)), facts };
    default:
      return link.action satisfies never;
  }
}

async function release({ link, message: { id } }: LinkedMessage, { store, jobs, log }: IngestContext): Promise<Answer> {
  const outcome = await store.release(id);
  if (outcome === "released") {
    jobs.add("deliver", [id]);
    log.info({ messageId: id }, "message released by its link");
    return ok("Released", "The message is on its way to you.");
  }
  if (outcome === "expired") return noLongerKept(link);
  const now = await store.message(id);
  return now === undefined ? UNKNOWN : whereItIs(now);
}

async function acknowledge({ id }: StoredMessage, { store, log }: IngestContext): Promise<Answer> {
  if (!(await store.acknowledge(id, BY_LINK))) return UNKNOWN;
  log.info({ messageId: id }, "message acknowledged by its link");
  return ok("Acknowledged", "Nobody else is asked to see to this message.");
}

/** Also what waits until there is room for one of its humans. */
function canRelease({ state, assignments }: StoredMessage): boolean {
  return state === "archived" || state === "grouped" || assignments.some((one) => one.state === "held");
}

function whereItIs({ state }: StoredMessage): Answer {
  switch (state) {
    case "delivered":
      return ok("Already delivered", "The message is in your mailbox, or in that of whoever it was for.");
    case "classified":
      return ok("On its way", "The message is being delivered already.");
    case "failed":
      return {
        status: 409,
        title: "It cannot be delivered",
        text: "Delivering it was given up; it waits as a dead letter.",
      };
    case "archived":
    case "grouped":
      return { status: 410, title: "No longer kept", text: "The message is older than this site keeps messages." };
    default:
      return { status: 409, title: "Not yet", text: "The message has not been judged yet. Try again in a minute." };
  }
}

function ok(title: string, text: string): Answer {
  return { status: 200, title, text };
}

const FORGED: Answer = {
  status: 403,
  title: "Not a link of ours",
  text: "This link was not made by this service, or was changed on its way. Copy it whole from the mail.",
};

const UNKNOWN: Answer = {
  status: 404,
  title: "No such message",
  text: "The message that this link is about is not here: it was erased, or is older than this site keeps.",
};

const TOO_OFTEN: Answer = { status: 429, title: "Too often", text: "Wait a minute, then try again." };

function expired({ id, expires }: ActionLink): Answer {
  const text = `It worked until ${formatMinute(expires)}. The message may still be kept: ask for it by its id.`;
  return { status: 410, title: "This link has expired", text, facts: [["Id", id]] };
}

function noLongerKept({ id }: ActionLink): Answer {
  const text = "The text of this message is older than this site keeps. What is left is its verdict.";
  return { status: 410, title: "No longer kept", text, facts: [["Id", id]] };
}

function pageOfError(error: unknown, { log }: IngestContext): Answer {
  const away = error instanceof StoreUnavailableError;
  if (away) log.warn({ route: "/l/:token", reason: error.message }, "not available");
  else log.error({ err: error, route: "/l/:token" }, "request failed");
  const text = "Nothing was done. Try again in a minute.";
  return away
    ? { status: 503, title: "Not available now", text }
    : { status: 500, title: "Something went wrong", text };
}

/** `2026-11-22 12:05 UTC` */
function formatMinute(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
