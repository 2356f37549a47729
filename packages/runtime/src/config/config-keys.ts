/** Every key of the configuration as data, so that documentation and tests are made from the schema itself. */
import { ConfigFileSchema } from "./config-file.ts";

export interface ConfigKey {
  /** `http.port`; `[]` stands for the entries of a list, `*` for names that the person chooses. */
  readonly key: string;
  /** text, whole number, ... */
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
}

export const CONFIG_KEYS: readonly ConfigKey[] = listKeys(ConfigFileSchema as SchemaNode, "");

/** The parts of a JSON schema that ours uses. */
interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

function listKeys(node: SchemaNode, key: string): ConfigKey[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([name, inner]) =>
      listKeys(inner, key === "" ? name : `${key}.${name}`),
    );
  }
  if (node.items?.properties !== undefined) return listKeys(node.items, `${key}[]`);
  return [{ key, type: typeName(node), default: node.default, description: node.description ?? "" }];
}

function typeName(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.join(" | ");
  if (Array.isArray(node.type)) return "text, or a list of it";
  if (node.items !== undefined) return `list of ${typeName(node.items)}`;
  if (node.patternProperties !== undefined) return "names to text";
  const type = String(node.type ?? "anything");
  return { string: "text", integer: "whole number" }[type] ?? type;
}
