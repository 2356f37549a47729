/** The wiring of the role: store, queue, DNS and sweeper around the five stages. */
import type { ProvenancePorts } from "@triage/provenance";
import { type ResolvedConfig, type RunningRole, startSweeper } from "@triage/runtime";
import type { ClassifyContext } from "./classify.ts";
import { classifyMessage, giveUpClassification } from "./classify-message.ts";
import { resolverOf } from "./dkim-key-resolver.ts";
import type { ClassifierParts } from "./start-classifier.ts";
