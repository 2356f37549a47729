export * from "./address.ts";
export * from "./defect.ts";
export { formatAddress } from "./format-address.ts";
export * from "./header-list.ts";
export { htmlToText } from "./html-text.ts";
export * from "./limits.ts";
export { formatOwnMailId, type OwnMail, readOwnMailId } from "./own-mail-id.ts";
export {
  MAX_ADDRESSES,
  type Mailbox,
  parseAddress,
  parseAddressList,
  parseMailboxList,
  parseReversePath,
} from "./parse-address.ts";
export * from "./part.ts";
export { ERASED_ADDRESS, type Person, personOf } from "./person.ts";
export { readHeader, readMessage } from "./read-message.ts";
export { redactAddresses, redactValue, type WriteLocalPart } from "./redact-addresses.ts";
export { searchableTexts } from "./searchable-texts.ts";
export { splitMbox } from "./split-mbox.ts";
