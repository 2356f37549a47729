/** What the trainer uses of natural's Bayes classifier and of apparatus below it. Never the barrel: it loads databases. */
declare module "natural/lib/natural/classifiers/bayes_classifier.js" {
  interface Classification {
    readonly label: string;
    /** Prior times likelihood, not normalised: underflows to 0 beyond some hundred features. */
    readonly value: number;
  }

  /** An instance as JSON, as far as it is looked at. */
  interface BayesState {
    /** Documents added, and how many of them are trained. */
    readonly docs: readonly never[];
    readonly lastAdded: number;
    readonly features: Readonly<Record<string, number>>;
    readonly classifier: {
      readonly smoothing: number;
      /** Documents, plus one. */
      readonly totalExamples: number;
      readonly classTotals: Readonly<Record<string, number>>;
      readonly classFeatures: Readonly<Record<string, Readonly<Record<number, number>>>>;
    };
  }

  class BayesClassifier {
    constructor(stemmer?: undefined, smoothing?: number);
    /** Takes over what an instance looks like as JSON, and changes it. */
    static restore(state: BayesState): BayesClassifier;
    addDocument(tokens: readonly string[], label: string): void;
    /** For each of `features` in order whether the tokens have it. Training asks it for each document. */
    textToFeatures(tokens: readonly string[]): number[];
    train(): void;
    on(event: "trainedWithDocument", listener: (progress: { index: number; total: number }) => void): void;
    getClassifications(tokens: readonly string[]): Classification[];
    /** Token -> occurrences; the order of the keys is the order of the features. */
    readonly features: Readonly<Record<string, number>>;
    readonly classifier: {
      /** Label -> index of the feature -> documents that have it, plus the smoothing; absent when none has. */
      readonly classFeatures: Readonly<Record<string, Readonly<Record<number, number>>>>;
      /** Label -> documents, plus one. */
      readonly classTotals: Readonly<Record<string, number>>;
    };
  }

  export default BayesClassifier;
}
