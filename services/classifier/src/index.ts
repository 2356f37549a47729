export { type Classified, type ClassifyContext, classify } from "./classify.ts";
export { dnsPortsOf } from "./dns/dns-ports.ts";
export { emptySite } from "./empty-site.ts";
export { openReplay, type Replay } from "./replay.ts";
export { type ClassifierParts, startClassifier } from "./start-classifier.ts";
