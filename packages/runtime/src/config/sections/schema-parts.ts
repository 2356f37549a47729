/** The kinds of entries that the schema of the configuration file is made of. */
import { type TProperties, Type } from "typebox";

/** Form of the ids that a person gives to humans, outlets, policy rows and overrides. */
export const KEBAB_CASE = "^[a-z0-9]+(-[a-z0-9]+)*$";

/** A part of the file in which a key that is not listed is an error. */
export function section<Properties extends TProperties>(properties: Properties, description: string) {
  return Type.Optional(Type.Object(properties, { additionalProperties: false, description }));
}

export const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
export const flag = (description: string) => Type.Optional(Type.Boolean({ description, default: false }));
export const list = (description: string) => Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description }));

export function whole(minimum: number, maximum: number, fallback: number, description: string) {
  return Type.Optional(Type.Integer({ minimum, maximum, default: fallback, description }));
}

export const probability = (fallback: number, description: string) =>
  Type.Optional(Type.Number({ minimum: 0.5, maximum: 1, default: fallback, description }));
