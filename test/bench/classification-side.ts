/** One side of the classification bench, in a process of its own. Arguments: the side, and the folder of the corpus. */
import { serveSide } from "./classification.ts";

serveSide(process.argv[2] ?? "", process.argv[3] ?? "");
