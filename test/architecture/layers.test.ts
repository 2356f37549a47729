import { test } from "vitest";
test.todo("layers");
