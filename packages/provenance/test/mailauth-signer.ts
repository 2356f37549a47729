/** Signs messages with mailauth, an implementation that shares no code with ours. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { dkimSign } from "mailauth/lib/dkim/sign.js";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import type { DkimProfile } from "../src/index.ts";

export interface TestKey {
  readonly selector: string;
  readonly algorithm: "rsa-sha256" | "rsa-sha1" | "ed25519-sha256";
  readonly privateKey: KeyObject;
  /** The TXT record. */
  readonly record: string;
}

export function rsaKey(bits: number, selector = `rsa${bits}`): TestKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { selector, algorithm: "rsa-sha256", privateKey, record: `v=DKIM1; k=rsa; p=${der.toString("base64")}` };
}

export function ed25519Key(selector = "ed25519"): TestKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const raw = der.subarray(-32);
  return {
    selector,
    algorithm: "ed25519-sha256",
    privateKey,
    record: `v=DKIM1; k=ed25519; p=${raw.toString("base64")}`,
  };
}

export function profileOf(keys: readonly TestKey[], domain = "example.com"): DkimProfile {
  return { keys: new Map(keys.map((key) => [`${key.selector}._domainkey.${domain}`, key.record])), dns: false };
}

export interface SigningOptions {
  readonly domain?: string;
  readonly canonicalization?: string;
  readonly headerList?: string[];
  readonly maxBodyLength?: number;
  readonly expires?: Date;
  readonly algorithm?: TestKey["algorithm"];
}

/** @returns The DKIM-Signature field with its line end. */
export async function signatureField(
  header: string,
  body: string,
  key: TestKey,
  options: SigningOptions = {},
): Promise<string> {
  const { domain = "example.com", canonicalization = "relaxed/relaxed", headerList, maxBodyLength, expires } = options;
  const algorithm = options.algorithm ?? key.algorithm;
  const result = await dkimSign(`${header}\r\n${body}`, {
    signingDomain: domain,
    selector: key.selector,
    privateKey: "",
    canonicalization,
    algorithm,
    signTime: new Date("2026-11-20T10:00:00Z"),
    ...(headerList && { headerList }),
    ...(expires && { expires }),
    signatureData: [
      {
        signingDomain: domain,
        selector: key.selector,
        privateKey: key.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
        canonicalization,
        algorithm,
        ...(maxBodyLength !== undefined && { maxBodyLength }),
      },
    ],
  });
  const [error] = result.errors ?? [];
  if (error !== undefined) throw new Error("mailauth could not sign", { cause: error });
  return result.signatures;
}

/** Whether mailauth finds a valid signature of ours on the whole message. */
export async function mailauthAccepts(
  message: string,
  keys: readonly TestKey[],
  domain = "example.com",
): Promise<boolean> {
  const records = profileOf(keys, domain).keys;
  const { results } = await dkimVerify(message, {
    resolver: async (name: string) => {
      const record = records.get(name.toLowerCase());
      if (record === undefined) throw Object.assign(new Error("no such key"), { code: "ENOTFOUND" });
      return [[record]];
    },
    curTime: new Date("2026-11-22T12:00:00Z"),
  });
  return results.some((result) => result.signingDomain === domain && result.status.result === "pass");
}
