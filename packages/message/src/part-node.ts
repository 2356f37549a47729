/** A node of the part tree, its content decoded when it is first asked for. Pure. */
import type { ByteSource } from "./byte-source.ts";
import { decodeCharset } from "./charset.ts";
import { type ParameterizedValue, parseParameterized } from "./content-type.ts";
import type { DefectLog } from "./defect-log.ts";
import { decodeWords } from "./encoded-words.ts";
import { readEightBit, unfold } from "./field-list.ts";
import type { HeaderList } from "./header-list.ts";
import type { ReadLimits } from "./limits.ts";
import type { ByteRange, ContentType, Part } from "./part.ts";
import { limitText } from "./text-limits.ts";
import { decodeTransfer, isBase64, parseTransferEncoding, type TransferEncoding } from "./transfer-encoding.ts";

/** What the parts of one message share. */
export interface PartContext {
  readonly source: ByteSource;
  readonly limits: ReadLimits;
  readonly log: DefectLog;
}

/** Bytes of a body that one character of text can take: 4 in UTF-8, each sent as `=XX`. */
const MAX_BYTES_PER_CHAR = 12;
const NO_DISPOSITION: ParameterizedValue = { value: "", parameters: new Map() };

export class PartNode implements Part {
  readonly path: string;
  readonly headers: HeaderList;
  readonly contentType: ContentType;
  readonly source: Buffer;
  readonly headerRange: ByteRange;
  readonly children: Part[] = [];
  /** Set by the reader when it knows where the body ends. */
  bodyRange: ByteRange;
  /** Set by the reader for a message inside the message; for other parts the header says it. */
  encoding: TransferEncoding | undefined;
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
  ) {
    this.#context = context;
    this.path = path;
    this.headers = headers;
    this.contentType = contentType;
    this.source = context.source.bytes;
    this.headerRange = headerRange;
    this.bodyRange = { start: headerRange.end, end: headerRange.end };
    if (this.isMultipart || this.isMessage) this.encoding = "identity";
  }

  get isMultipart(): boolean {
    return this.contentType.value.startsWith("multipart/");
  }

  /** Types that hold a whole message (RFC 2046 section 5.2.1, RFC 6532 section 3.7). */
  get isMessage(): boolean {
    return this.contentType.value === "message/rfc822" || this.contentType.value === "message/global";
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
    this.#bytes ??= decodeTransfer(this.#body(), this.#bodyEncoding());
    return this.#bytes;
  }

  text(): string {
    this.#text ??= this.#decodeText();
    return this.#text;
  }

  declaredEncoding(): TransferEncoding {
    return parseTransferEncoding(this.headers.value("content-transfer-encoding"));
  }

  #body(): Buffer {
    return this.source.subarray(this.bodyRange.start, this.bodyRange.end);
  }

  #bodyEncoding(): TransferEncoding {
    this.encoding ??= this.#checkedEncoding();
    return this.encoding;
  }

  #checkedEncoding(): TransferEncoding {
    const declared = this.declaredEncoding();
    if (declared === "unknown") {
      this.#context.log.add("bad-transfer-encoding", "a Content-Transfer-Encoding is unknown");
    } else if (declared === "base64" && !isBase64(this.#body())) {
      this.#context.log.add("bad-transfer-encoding", "a body is not in the base64 that its header says");
      return "identity";
    }
    return declared;
  }

  #decodeText(): string {
    const { limits, log } = this.#context;
    const charset = this.contentType.parameters.get("charset") ?? "";
    const decoded = decodeCharset(this.#textBytes(), charset);
    if (decoded.mislabelled) log.add("bad-charset", "a text is not in the charset that its header says");
    return limitText(decoded.text, limits, log);
  }

  /** The bytes that text() needs: of a body that is far too long for it, only the beginning is decoded. */
  #textBytes(): Buffer {
    const maxBytes = this.#context.limits.maxTextChars * MAX_BYTES_PER_CHAR;
    const body = this.#body();
    if (this.#bytes !== undefined || body.length <= maxBytes) return this.bytes();
    return decodeTransfer(body.subarray(0, maxBytes), this.#bodyEncoding());
  }

  #readDisposition(): ParameterizedValue {
    if (this.#disposition === undefined) {
      const field = this.headers.first("content-disposition");
      this.#disposition = field === undefined ? NO_DISPOSITION : parseParameterized(unfold(field.rawValue));
    }
    return this.#disposition;
  }
}
