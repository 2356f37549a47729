/** A node of the part tree whose content is decoded when it is first asked for. Pure. */
import type { ByteSource } from "./byte-source.ts";
import { decodeCharset } from "./charset.ts";
import { type ParameterizedValue, parseParameterized } from "./content-type.ts";
import type { DefectLog } from "./defect-log.ts";
import { decodeWords } from "./encoded-words.ts";
import { readEightBit } from "./field-list.ts";
import type { HeaderList } from "./header-list.ts";
import type { ReadLimits } from "./limits.ts";
import type { ByteRange, ContentType, Part } from "./part.ts";
import { decodeTransfer, parseTransferEncoding, type TransferEncoding } from "./transfer-encoding.ts";

/** What the parts of one message share. */
export interface PartContext {
  readonly source: ByteSource;
  readonly limits: ReadLimits;
  readonly log: DefectLog;
}

const EMPTY_DISPOSITION: ParameterizedValue = { value: "", parameters: new Map() };

export class PartNode implements Part {
  readonly path: string;
  readonly headers: HeaderList;
  readonly contentType: ContentType;
  readonly source: Buffer;
  readonly headerRange: ByteRange;
  readonly children: readonly Part[];
  bodyRange: ByteRange;
  readonly #context: PartContext;
  #bytes: Buffer | undefined;
  #text: string | undefined;
  #disposition: ParameterizedValue | undefined;

  constructor(
    context: PartContext,
    path: string,
    headers: HeaderList,
    contentType: ContentType,
    headerRange: ByteRange,
    children: readonly Part[],
  ) {
    this.#context = context;
    this.path = path;
    this.headers = headers;
    this.contentType = contentType;
    this.source = context.source.bytes;
    this.headerRange = headerRange;
    this.bodyRange = { start: headerRange.end, end: headerRange.end };
    this.children = children;
  }

  get disposition(): string | undefined {
    const { value } = this.#readDisposition();
    return value === "" ? undefined : value;
  }

  get filename(): string | undefined {
    const name = this.#readDisposition().parameters.get("filename") ?? this.contentType.parameters.get("name");
    return name === undefined || name === "" ? undefined : decodeWords(readEightBit(name));
  }

  bytes(): Buffer {
    this.#bytes ??= this.#decode(this.source.subarray(this.bodyRange.start, this.bodyRange.end));
    return this.#bytes;
  }

  text(): string {
    this.#text ??= this.#decodeText();
    return this.#text;
  }

  #readDisposition(): ParameterizedValue {
    if (this.#disposition === undefined) {
      const field = this.headers.first("content-disposition");
      this.#disposition =
        field === undefined ? EMPTY_DISPOSITION : parseParameterized(field.rawValue.replace(/[\r\n]+/g, ""));
    }
    return this.#disposition;
  }

  #transferEncoding(): TransferEncoding {
    return isComposite(this.contentType.value)
      ? "identity"
      : parseTransferEncoding(this.headers.value("content-transfer-encoding"));
  }

  #decode(body: Buffer): Buffer {
    const encoding = this.#transferEncoding();
    if (encoding === "unknown") this.#context.log.add("bad-transfer-encoding", "an unknown Content-Transfer-Encoding");
    return decodeTransfer(body, encoding);
  }

  #decodeText(): string {
    const { limits, log } = this.#context;
    const charset = this.contentType.parameters.get("charset") ?? "";
    const decoded = decodeCharset(this.bytes(), charset);
    if (decoded.mislabelled && charset !== "") log.add("bad-charset", `text is not in its charset`);
    let text = decoded.text;
    if (text.length > limits.maxTextChars) {
      log.add("text-too-large", `a text has more than ${limits.maxTextChars} characters`);
      text = text.slice(0, limits.maxTextChars);
    }
    return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  }
}

/** Types whose body is parts; RFC 2045 section 6.4 allows no encoding for them. */
export function isComposite(type: string): boolean {
  return type.startsWith("multipart/");
}
