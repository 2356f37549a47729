/** What the commands that read files are told about every message: its envelope, and what makes a message ours. */
import { type ClassifyContext, dnsPortsOf, emptySite } from "@triage/classifier";
import { type Envelope, parseAddress, parseReversePath } from "@triage/message";
import { policyInEffect } from "@triage/routing";

export interface MailOptions {
  readonly config?: string;
  readonly reversePath?: string;
  readonly forwardPath?: readonly string[];
}

/** The envelope as the options tell it; what they leave out is unknown and comes from Return-Path and Delivered-To. */
export function envelopeOf(options: MailOptions): Envelope {
  const reversePath = options.reversePath === undefined ? undefined : parseReversePath(options.reversePath);
  if (options.reversePath !== undefined && reversePath === undefined) {
    throw new Error(`--reverse-path "${options.reversePath}" is not an address; '' or '<>' is the null reverse-path`);
  }
  const forwardPaths = (options.forwardPath ?? []).map((text) => {
    const address = parseAddress(text);
    if (address === undefined) throw new Error(`--forward-path "${text}" is not an address`);
    return address;
  });
  return { reversePath, forwardPaths };
}

/** Configuration is read only when there is one: starting up without it costs nothing. */
export async function contextOf(config: string | undefined): Promise<ClassifyContext> {
  const path = config ?? process.env.TRIAGE_CONFIG;
  if (path === undefined || path === "") return { site: emptySite(), ports: () => ({ now: new Date() }) };
  const { loadConfig } = await import("@triage/runtime");
  const loaded = loadConfig({ path, env: process.env });
  const { site, dns, thresholds, overrides } = loaded;
  const dnsPorts = dnsPortsOf(site, dns);
  const ports = () => ({ now: new Date(), ...dnsPorts });
  return { site, thresholds, overrides, ports, policy: policyInEffect(loaded) };
}
