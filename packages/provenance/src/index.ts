export * from "./site-profile.ts";
export * from "./evidence.ts";
export * from "./ports.ts";
