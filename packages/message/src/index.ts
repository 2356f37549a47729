export * from "./address.ts";
export * from "./defect.ts";
export * from "./header-list.ts";
export * from "./part.ts";
