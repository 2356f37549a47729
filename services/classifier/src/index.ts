export { type Classified, type ClassifyContext, classify } from "./classify.ts";
export { resolverOf } from "./dkim-key-resolver.ts";
export { emptySite } from "./empty-site.ts";
export { type ClassifierOptions, startClassifier } from "./start-classifier.ts";
