export * from "./evidence.ts";
export * from "./ports.ts";
export * from "./site-profile.ts";
