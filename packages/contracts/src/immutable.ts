/** The same shape with everything `readonly`: what TypeBox infers is mutable, what we hand around is not. */
export type Immutable<T> = T extends (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T;
