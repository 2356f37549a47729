export * from "./defect.ts";
export * from "./part.ts";
export * from "./header-list.ts";
export * from "./address.ts";
