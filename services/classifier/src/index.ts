export { type Classified, type ClassifyContext, classify } from "./classify.ts";
export { resolverOf } from "./dkim-key-resolver.ts";
export { emptySite } from "./empty-site.ts";
export { type ClassifierParts, startClassifier } from "./start-classifier.ts";
