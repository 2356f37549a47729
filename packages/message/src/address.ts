/** An addr-spec (RFC 5321 section 4.1.2, RFC 6531). `domain` is lower-cased and without a trailing dot; `localPart` is as sent, unquoted. */
export interface Address {
  readonly kind: "address";
  readonly localPart: string;
  readonly domain: string;
}

/** The reverse-path `<>` (RFC 5321 section 4.5.5): a value of its own, not an empty string by accident. */
export interface NullReversePath {
  readonly kind: "null";
}

export const NULL_REVERSE_PATH: NullReversePath = { kind: "null" };

export type ReversePath = Address | NullReversePath;

/** The envelope as the MTA handed it over. `undefined` says that it is unknown, which is not the null reverse-path. */
export interface Envelope {
  readonly reversePath: ReversePath | undefined;
  readonly forwardPaths: readonly Address[];
  readonly clientIp?: string;
  readonly clientHelo?: string;
  readonly queueId?: string;
}
